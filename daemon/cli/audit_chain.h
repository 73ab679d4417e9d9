/*
 * The audit trail's chain, worked out anew: row after row, without trusting the database's own functions. Each row's hash is
 *
 *	SHA-256(hash of the row before, 32 bytes, zeros for the first || text)
 *
 * and the text is the row's fields in order (district, number, time, user, who, address, action, kind, ids, detail), separated by
 * commas, each as "LENGTH:BYTES" or "-" for none. See migrations (padan.audit_in). Used by cli_audit.c.
 */
#ifndef PADAN_AUDIT_CHAIN_H
#define PADAN_AUDIT_CHAIN_H

#include "matcher/base/error.h"

#include <stdint.h>

enum { AUDIT_FIELDS = 10, AUDIT_HASH_TEXT = 65 };

struct audit_chain {
	int64_t number;             /* of the last row that fitted; 0 before the first */
	char hash[AUDIT_HASH_TEXT]; /* its hash, hexadecimal */
};

void audit_chain_init(struct audit_chain *chain);

/* The next row as texts; fields[0] district, fields[1] number. ERROR_INPUT says what does not fit and what that means. */
int audit_chain_add(struct audit_chain *chain, const char *const fields[AUDIT_FIELDS], const char *before_hash, const char *hash,
	struct error *err) PADAN_MUST_CHECK;

/* The end of the chain against what the head says: rows at the end may have been cut off. */
int audit_chain_end(const struct audit_chain *chain, int64_t head_number, const char *head_hash, struct error *err) PADAN_MUST_CHECK;

#endif
