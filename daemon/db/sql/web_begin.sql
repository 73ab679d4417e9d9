-- Opens a transaction whose work follows.
SELECT 1
