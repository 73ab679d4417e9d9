-- How much is left for the caller and how fast it goes.
SELECT padan.web_review_progress() AS json
