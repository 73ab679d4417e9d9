/*
 * Where the structural bytes of CSV text are (delimiter, quote, CR, LF), as bits: the part of csv_scan that looks at
 * every byte. Three kernels give the same bits; csv_mark_best() picks the fastest that this machine runs.
 */
#ifndef PADAN_CSV_MARK_H
#define PADAN_CSV_MARK_H

#include <stddef.h>
#include <stdint.h>

/* Sets bit i % 64 of bits[i / 64] for each of the n bytes that is structural; the other bits of ceil(n / 64) words are 0. */
typedef void csv_mark_kernel(const char *p, size_t n, char delimiter, char quote, uint64_t *bits);

csv_mark_kernel csv_mark_plain;
#if defined(__x86_64__)
csv_mark_kernel csv_mark_sse2;
csv_mark_kernel csv_mark_avx2; /* only where __builtin_cpu_supports("avx2") */
#endif

csv_mark_kernel *csv_mark_best(void);

#endif
