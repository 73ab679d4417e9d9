-- For tests: a large answer.
SELECT json_agg(json_build_object('n', n, 'text', md5(n::text))) AS json FROM generate_series(1, $1::integer) n
