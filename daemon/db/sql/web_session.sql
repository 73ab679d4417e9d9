-- Who holds this session ($1: hash of its token, hexadecimal) or this token ($2 then says 'token'; 'watch': a session whose page is merely open); from then on the transaction is his.
SELECT * FROM padan.web_enter(decode($1, 'hex'), $2, $3)
