-- For tests: what came in.
SELECT json_build_object('id', $1::bigint, 'text', $2::text, 'number', $3::bigint, 'who', padan.actor()) AS json, 'e' || coalesce($3::bigint, 0) AS etag
