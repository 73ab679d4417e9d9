/* SHA-256 against FIPS 180-4's examples and, in pieces of any length, against libsodium. */
#include "daemon/base/sha256.h"
#include "matcher/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_examples(void **state)
{
	static const struct {
		const char *text, *digest;
	} examples[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};

	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		unsigned char digest[SHA256_BYTES];
		char hex[2 * SHA256_BYTES + 1];
		struct sha256 hash;

		sha256_init(&hash);
		sha256_update(&hash, examples[i].text, strlen(examples[i].text));
		sha256_final(&hash, digest);
		assert_string_equal(sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest)), examples[i].digest);
	}
}

static void test_pieces(void **state)
{
	unsigned char bytes[1000], expected[SHA256_BYTES], digest[SHA256_BYTES];
	uint64_t seed = 1;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(seed = hash_pair(seed, i));
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		for (int way = 0; way < 2; way++) {
			struct sha256 hash;

			sha256_init(&hash);
			/* The second time as a processor without the instructions does it. */
			hash.by_processor &= way == 0;
			for (size_t at = 0; at < n;) {
				size_t piece = 1 + (seed = hash_pair(seed, at)) % 200;

				piece = piece < n - at ? piece : n - at;
				sha256_update(&hash, bytes + at, piece);
				at += piece;
			}
			sha256_final(&hash, digest);
			crypto_hash_sha256(expected, bytes, n);
			assert_memory_equal(digest, expected, sizeof(digest));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
