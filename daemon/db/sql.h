/*
 * The SQL texts of daemon/db/sql/, embedded at build time: sql_find("job_claim") is the text of daemon/db/sql/job_claim.sql.
 */
#ifndef PADAN_SQL_H
#define PADAN_SQL_H

/* NUL-terminated and static. A name that does not exist is a mistake in the program: it says so and aborts. */
const char *sql_find(const char *name);

#endif
