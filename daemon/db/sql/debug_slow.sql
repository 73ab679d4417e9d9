-- For tests: takes its time.
SELECT json_build_object('slept', true) AS json FROM pg_sleep($1::integer / 1000.0)
