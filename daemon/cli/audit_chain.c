/*
 * The audit trail's chain; see audit_chain.h.
 */
#include "daemon/cli/audit_chain.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void audit_chain_init(struct audit_chain *chain)
{
	chain->number = 0;
	memset(chain->hash, '0', sizeof chain->hash - 1);
	chain->hash[sizeof chain->hash - 1] = '\0';
}

static void hash_row(const char *before, const char *const fields[AUDIT_FIELDS], char hash[AUDIT_HASH_TEXT])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	size_t n = 0;

	crypto_hash_sha256_init(&state);
	if (sodium_hex2bin(bytes, sizeof bytes, before, strlen(before), NULL, &n, NULL) != 0)
		n = 0;
	crypto_hash_sha256_update(&state, bytes, n);
	for (int i = 0; i < AUDIT_FIELDS; i++) {
		char length[32];

		if (i)
			crypto_hash_sha256_update(&state, (const unsigned char *)",", 1);
		if (!fields[i]) {
			crypto_hash_sha256_update(&state, (const unsigned char *)"-", 1);
			continue;
		}
		snprintf(length, sizeof length, "%zu:", strlen(fields[i]));
		crypto_hash_sha256_update(&state, (const unsigned char *)length, strlen(length));
		crypto_hash_sha256_update(&state, (const unsigned char *)fields[i], strlen(fields[i]));
	}
	crypto_hash_sha256_final(&state, bytes);
	sodium_bin2hex(hash, AUDIT_HASH_TEXT, bytes, sizeof bytes);
}

int audit_chain_add(struct audit_chain *chain, const char *const fields[AUDIT_FIELDS], const char *before_hash, const char *hash,
	struct error *err)
{
	char wanted[AUDIT_HASH_TEXT];
	int64_t number = strtoll(fields[1], NULL, 10);

	if (number != chain->number + 1)
		return error_set(err, ERROR_INPUT, "Rantai putus: sesudah catatan %lld datang catatan %lld; yang di antaranya hilang.",
			"The chain is broken: row %lld is followed by row %lld; what was between them is gone.", (long long)chain->number,
			(long long)number);
	if (strcmp(before_hash, chain->hash) != 0)
		return error_set(err, ERROR_INPUT, "Rantai putus: catatan %lld tidak menyambung pada catatan sebelumnya; ada yang diganti atau disisipkan.",
			"The chain is broken: row %lld does not follow from the row before it; something was replaced or put in.", (long long)number);
	hash_row(before_hash, fields, wanted);
	if (strcmp(hash, wanted) != 0)
		return error_set(err, ERROR_INPUT, "Rantai putus: isi catatan %lld diubah sesudah ditulis.",
			"The chain is broken: row %lld was changed after it was written.", (long long)number);
	chain->number = number;
	snprintf(chain->hash, sizeof chain->hash, "%s", hash);
	return 0;
}

int audit_chain_end(const struct audit_chain *chain, int64_t head_number, const char *head_hash, struct error *err)
{
	if (head_number > chain->number)
		return error_set(err, ERROR_INPUT, "Rantai terpotong: berakhir pada catatan %lld, padahal sudah ada %lld.",
			"The chain was cut short: it ends with row %lld, but there have been %lld.", (long long)chain->number, (long long)head_number);
	if (head_number != chain->number || strcmp(head_hash, chain->hash) != 0)
		return error_set(err, ERROR_INPUT, "Ujung rantai (catatan %lld) bukan yang tercatat (catatan %lld).",
			"The end of the chain (row %lld) is not the one that was noted (row %lld).", (long long)chain->number, (long long)head_number);
	return 0;
}
