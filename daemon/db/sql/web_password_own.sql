-- What the own password is checked against.
SELECT padan.web_password_own()
