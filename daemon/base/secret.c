/*
 * Secrets; see secret.h.
 */
#include "daemon/base/secret.h"

#include <sodium.h>
#include <string.h>

#include "daemon/base/banned.h"

void secret_make(char text[SECRET_TEXT])
{
	unsigned char bytes[32];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(text, SECRET_TEXT, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
}

void secret_hash(const char *text, char hash[SECRET_HASH])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(bytes, (const unsigned char *)text, strlen(text));
	sodium_bin2hex(hash, SECRET_HASH, bytes, sizeof bytes);
}
