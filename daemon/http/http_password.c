/*
 * Passwords; see http_password.h.
 */
#include "daemon/http/http_password.h"
#include "daemon/http/http_internal.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "daemon/base/banned.h"

struct password_job {
	uv_work_t work;
	struct http_passwords *passwords;
	struct http_request *request; /* NULL: the hash of nothing is made */
	char *password;
	char hash[crypto_pwhash_STRBYTES];
	bool make, right, worked;
	http_password_checked_fn *checked;
	http_password_made_fn *made;
	struct password_job *next;
};

struct http_passwords {
	uv_loop_t *loop;
	char nobody[crypto_pwhash_STRBYTES]; /* "" until it was made */
	struct password_job *first, *last;
	unsigned running;
	size_t waiting;
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void pump(struct http_passwords *passwords);

static void work_in_pool(uv_work_t *work)
{
	struct password_job *job = work->data;

	if (job->make)
		job->worked = crypto_pwhash_str(job->hash, job->password, strlen(job->password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
				      crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
	else
		job->right = crypto_pwhash_str_verify(job->hash, job->password, strlen(job->password)) == 0;
}

static void job_free(struct password_job *job)
{
	if (job->password)
		sodium_memzero(job->password, strlen(job->password));
	free(job->password);
	free(job);
}

static void tell(struct password_job *job)
{
	if (job->make)
		job->made(job->request, job->worked ? job->hash : NULL);
	else
		job->checked(job->request, job->right);
	http_request_drop(job->request);
}

static void finish_closing(struct http_passwords *passwords)
{
	if (!passwords->closing || passwords->running)
		return;
	passwords->closed(passwords->closed_arg);
	free(passwords);
}

static void worked(uv_work_t *work, int status)
{
	struct password_job *job = work->data;
	struct http_passwords *passwords = job->passwords;

	passwords->running--;
	if (job->request)
		tell(job);
	else if (job->worked)
		memcpy(passwords->nobody, job->hash, sizeof passwords->nobody);
	job_free(job);
	if (passwords->closing)
		finish_closing(passwords);
	else
		pump(passwords);
}

static void pump(struct http_passwords *passwords)
{
	while (passwords->first && passwords->running < LIMIT_WEB_PASSWORDS_AT_ONCE) {
		struct password_job *job = passwords->first;

		/* The hash of nothing comes first, so that nobody's password takes as long as somebody's. */
		if (!passwords->nobody[0] && job->request && passwords->running)
			return;
		passwords->first = job->next;
		if (!passwords->first)
			passwords->last = NULL;
		passwords->waiting--;
		if (!job->make && !job->hash[0])
			memcpy(job->hash, passwords->nobody, sizeof job->hash);
		passwords->running++;
		if (uv_queue_work(passwords->loop, &job->work, work_in_pool, worked) < 0)
			worked(&job->work, -1);
	}
}

static void put(struct http_passwords *passwords, struct password_job *job)
{
	job->work.data = job;
	job->passwords = passwords;
	if (passwords->last)
		passwords->last->next = job;
	else
		passwords->first = job;
	passwords->last = job;
	passwords->waiting++;
	pump(passwords);
}

int http_passwords_start(struct http_passwords **ret, uv_loop_t *loop, struct error *err)
{
	struct http_passwords *passwords = calloc(1, sizeof *passwords);
	struct password_job *job = calloc(1, sizeof *job);
	char nothing[32];

	if (!passwords || !job) {
		free(passwords);
		free(job);
		return error_memory(err);
	}
	passwords->loop = loop;
	for (size_t i = 0; i < sizeof nothing - 1; i++)
		nothing[i] = (char)('a' + randombytes_uniform(26));
	nothing[sizeof nothing - 1] = '\0';
	job->password = strdup(nothing);
	job->make = true;
	if (!job->password) {
		free(passwords);
		free(job);
		return error_memory(err);
	}
	put(passwords, job);
	*ret = passwords;
	return 0;
}

void http_passwords_close(struct http_passwords *passwords, void (*closed)(void *arg), void *arg)
{
	passwords->closing = true;
	passwords->closed = closed;
	passwords->closed_arg = arg;
	while (passwords->first) {
		struct password_job *job = passwords->first;

		passwords->first = job->next;
		if (job->request) {
			http_reply_busy(job->request);
			http_request_drop(job->request);
		}
		job_free(job);
	}
	finish_closing(passwords);
}

size_t http_passwords_waiting(const struct http_passwords *passwords)
{
	return passwords->waiting;
}

static struct password_job *job_new(struct http_request *request, const char *password)
{
	struct http_passwords *passwords = request->server->passwords;
	struct password_job *job = NULL;

	if (!request->server->closing && passwords->waiting < LIMIT_WEB_PASSWORDS_WAITING)
		job = calloc(1, sizeof *job);
	if (job)
		job->password = strdup(password);
	if (!job || !job->password) {
		free(job);
		http_reply_busy(request);
		return NULL;
	}
	job->request = request;
	http_request_keep(request);
	return job;
}

void http_password_check(struct http_request *request, const char *password, const char *hash, http_password_checked_fn *done)
{
	struct password_job *job = job_new(request, password);

	if (!job)
		return;
	job->checked = done;
	if (hash && strlen(hash) < sizeof job->hash)
		memcpy(job->hash, hash, strlen(hash));
	put(request->server->passwords, job);
}

void http_password_make(struct http_request *request, const char *password, http_password_made_fn *done)
{
	struct password_job *job = job_new(request, password);

	if (!job)
		return;
	job->make = true;
	job->made = done;
	put(request->server->passwords, job);
}

/* ---- what a new one must be ---- */

/*
 * Common passwords of twelve characters and more, lower case, as published lists of leaked ones have them, with those that
 * Indonesian lists have; shorter ones are refused by their length. Digits in rows are found by the rule below.
 */
static const char *const common[] = {
	"password1234", "password12345", "password123456", "passw0rd1234", "p@ssw0rd1234", "p@ssword1234", "passwordpassword",
	"qwertyuiop123", "qwertyuiop12", "qwerty123456", "1qaz2wsx3edc", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u", "qazwsxedcrfv", "zaq12wsxcde3",
	"iloveyou1234", "iloveyou12345", "administrator", "administrator1", "administrator123", "adminadmin123", "admin1234567",
	"admin12345678", "welcome12345", "welcome123456", "letmein12345", "letmein123456", "changeme1234", "changeme123456",
	"sunshine1234", "princess1234", "football1234", "baseball1234", "superman1234", "trustno11234", "unbelievable", "christopher1",
	"abcd12345678", "abc123456789", "a1b2c3d4e5f6", "abcdefghijkl", "abcdefghijklm", "qwertyuiopas", "asdfghjkl123", "zxcvbnm12345",
	"indonesia123", "indonesia1234", "indonesia1945", "indonesiaraya", "indonesiaku1", "merdeka12345", "merdeka171845", "garuda123456",
	"bismillah123", "bismillah1234", "bismillah12345", "alhamdulillah", "alhamdulillah1", "subhanallah1", "assalamualaikum",
	"rahasia12345", "rahasia123456", "rahasianegara", "sayangku1234", "sayangkamu12", "akusayangkamu", "cintaku12345", "akucintakamu",
	"muarojambi12", "muarojambi123", "muarojambi1234", "muarojambi2024", "muarojambi2025", "muarojambi2026", "jambi1234567",
	"bappeda12345", "bappeda123456", "dinsos123456", "dinassosial1", "dinassosial123", "dinkes123456", "disdik123456", "kabupaten123",
	"pemerintah123", "kecamatan123", "keluargaku12", "katasandi123", "katasandi1234", "passwordku12", "gantipassword", "jangandibuka",
	"1234567890qwerty", "qwerty1234567890", "1234qwerasdf", "qwerasdfzxcv", "testtesttest", "test12345678", "user12345678", "guest1234567",
	"operator1234", "operator12345", "padan1234567", "padan12345678", "padanpadan12",
};

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* "abcabcabcabc", "111111111111", "123456789012": one piece again and again, or each character next to the one before. */
static bool is_pattern(const char *text)
{
	size_t n = strlen(text), steps = 0;

	for (size_t piece = 1; piece <= n / 3; piece++) {
		if (memcmp(text, text + piece, n - piece) == 0)
			return true;
	}
	for (size_t i = 1; i < n; i++) {
		int step = text[i] - text[i - 1];

		steps += step == 1 || step == -1 || (text[i - 1] == '9' && text[i] == '0');
	}
	return steps + 2 >= n;
}

int password_may_be(const char *password, const char *user_name, struct error *err)
{
	char lower[PASSWORD_MOST + 1];
	size_t n = strlen(password);

	if (characters(password) < PASSWORD_LEAST)
		return error_set(err, ERROR_INPUT, "Kata sandi harus paling sedikit %d karakter; beberapa kata yang mudah Anda ingat adalah pilihan yang baik.",
			"A password has at least %d characters; some words that you remember easily are a good choice.", PASSWORD_LEAST);
	if (n > PASSWORD_MOST)
		return error_set(err, ERROR_INPUT, "Kata sandi paling panjang %d bita.", "A password has at most %d bytes.", PASSWORD_MOST);
	for (size_t i = 0; i <= n; i++)
		lower[i] = (char)tolower((unsigned char)password[i]);
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
		if (strcmp(lower, common[i]) == 0)
			return error_set(err, ERROR_INPUT, "Kata sandi ini termasuk yang paling sering dipakai orang; pilih yang lain.",
				"This is one of the passwords most people use; choose another one.");
	}
	if (is_pattern(lower) || (user_name && strlen(user_name) > 3 && strstr(lower, user_name) && n <= strlen(user_name) + 8))
		return error_set(err, ERROR_INPUT, "Kata sandi ini mudah ditebak (pola berulang, urutan, atau nama pengguna); pilih yang lain.",
			"This password is easy to guess (a pattern, a row, or the user's name); choose another one.");
	return 0;
}
