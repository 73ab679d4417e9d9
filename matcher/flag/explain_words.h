/*
 * Pieces of explanations: who, which list, how sure, which rule. For explain*.c alone.
 */
#ifndef PADAN_EXPLAIN_WORDS_H
#define PADAN_EXPLAIN_WORDS_H

#include "matcher/flag/explain.h"

/* "SITI AMINAH (NIK 150501••••••0012)"; "seseorang (datanya sudah dihapus)" where there is no entry. */
void explain_who(const struct explain_party *party, const struct explain_style *style, struct strbuf *out);

/* "Program Keluarga Harapan periode Juli 2024 (baris 5)", "daftar sasaran (baris 12)", "daftar ASN (baris 3)". */
void explain_where(const struct explain_party *party, bool english, struct strbuf *out);

/* " di Mestong RT 3", or nothing. */
void explain_place(const struct explain_party *party, bool english, struct strbuf *out);

/* "NIK sama dan desa sama, tetapi tanggal lahir berbeda. " of the fields that matter; nothing when none is known. */
void explain_parts(const struct explain_case *explained, bool english, struct strbuf *out);

/* "Tingkat keyakinan: hampir pasti (97%). "; nothing for flags that rest on no link. */
void explain_how_sure(const struct explain_case *explained, bool english, struct strbuf *out);

/* "Aturannya: … (PMK …), berlaku sejak …. "; nothing without a rule. */
void explain_rule(const struct explain_case *explained, bool english, struct strbuf *out);

/* What to do next. */
const char *explain_next(enum flag_kind kind, bool english);

#endif
