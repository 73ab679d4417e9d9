-- Tokens of offices' systems.
SELECT padan.web_tokens() AS json
