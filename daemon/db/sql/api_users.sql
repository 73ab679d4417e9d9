-- Users of the district.
SELECT padan.web_users() AS json
