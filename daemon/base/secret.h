/*
 * Secrets that are given out once and never stored: sessions, one-time links, offices' tokens. 256 bits of chance as text that
 * fits into addresses and headers; the database holds its SHA-256. Used by daemon/http and daemon/cli.
 */
#ifndef PADAN_SECRET_H
#define PADAN_SECRET_H

enum { SECRET_TEXT = 44, SECRET_HASH = 65 };

/* 43 characters of A–Z a–z 0–9 - _ */
void secret_make(char text[SECRET_TEXT]);
/* SHA-256 of a text of any length, 64 hexadecimal digits. */
void secret_hash(const char *text, char hash[SECRET_HASH]);

#endif
