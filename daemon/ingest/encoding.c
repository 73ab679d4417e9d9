/*
 * To UTF-8, streaming. See encoding.h. The 0x80..0x9F column of Windows-1252 is that of the WHATWG Encoding Standard:
 * the five bytes that Microsoft leaves undefined are C1 controls.
 */
#include "daemon/ingest/encoding.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { REPLACEMENT = 0xFFFD };

static const uint16_t WINDOWS_1252[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
	0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
	0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

const char *encoding_name(enum encoding encoding)
{
	switch (encoding) {
	case ENCODING_WINDOWS_1252:
		return "Windows-1252";
	case ENCODING_MIXED:
		return "UTF-8 + Windows-1252";
	case ENCODING_UTF16_LE:
		return "UTF-16LE";
	case ENCODING_UTF16_BE:
		return "UTF-16BE";
	case ENCODING_UTF8:
		break;
	}
	return "UTF-8";
}

static size_t put_character(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* Bytes of the UTF-8 character at p (n ≥ 1); 0: none is valid there; -1: it may be one, but is cut. RFC 3629. */
static int utf8_length(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	int length;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		length = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		length = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		length = 4;
	else
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	for (int i = 1; i < length; i++) {
		if ((size_t)i == n)
			return -1;
		if (p[i] < low || p[i] > high)
			return 0;
		low = 0x80;
		high = 0xBF;
	}
	return length;
}

/* Bytes 0x01..0x7F from the start of p on. */
static size_t ascii_prefix(const unsigned char *p, size_t n)
{
	size_t i = 0;

#if defined(__SSE2__)
	const __m128i zero = _mm_setzero_si128();

	for (; i + 16 <= n; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));

		/* Signed: bytes from 0x80 on are below 1, and so is NUL. */
		if (_mm_movemask_epi8(_mm_cmpgt_epi8(v, zero)) != 0xFFFF)
			break;
	}
#endif
	while (i < n && p[i] >= 1 && p[i] < 0x80)
		i++;
	return i;
}

size_t encoding_clean_prefix(struct str text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t i = 0;

	for (;;) {
		int length;

		i += ascii_prefix(p + i, text.n - i);
		if (i == text.n || p[i] == 0)
			return i;
		length = utf8_length(p + i, text.n - i);
		if (length <= 0)
			return i;
		i += (size_t)length;
	}
}

/* Line ends in n bytes: LF, CR, CR LF; a CR at the end counts, and *last makes an LF right behind it not count. */
static uint64_t count_lines(const unsigned char *p, size_t n, unsigned char *last)
{
	uint64_t lines = 0;

	if (n == 0)
		return 0;
	for (size_t i = 0; i + 1 < n; i++)
		lines += (p[i] == '\n') | ((p[i] == '\r') & (p[i + 1] != '\n'));
	lines += (p[n - 1] == '\n') | (p[n - 1] == '\r');
	if (*last == '\r' && p[0] == '\n')
		lines--;
	*last = p[n - 1];
	return lines;
}

size_t decoder_init(struct decoder *decoder, struct str head)
{
	const unsigned char *p = (const unsigned char *)head.p;
	size_t even = 0, odd = 0;

	memset(decoder, 0, sizeof *decoder);
	if (head.n >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
		return 3;
	if (head.n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF))) {
		decoder->utf16 = true;
		decoder->big_endian = p[0] == 0xFE;
		return 2;
	}
	for (size_t i = 0; i < head.n; i++)
		*(i % 2 ? &odd : &even) += p[i] == 0;
	/* Latin text in UTF-16 is NUL in every second byte; a text file with stray NULs is not. */
	if (head.n >= 4 && (odd > head.n * 2 / 5 || even > head.n * 2 / 5) && (odd < head.n / 20 || even < head.n / 20)) {
		decoder->utf16 = true;
		decoder->big_endian = even > odd;
	}
	return 0;
}

static size_t put_fallback(struct decoder *decoder, unsigned char byte, char *out)
{
	decoder->fallback_bytes++;
	return put_character(byte >= 0x80 && byte < 0xA0 ? WINDOWS_1252[byte - 0x80] : byte, out);
}

/* Completes the character that the last piece cut with bytes of this one; *used of them are consumed. */
static size_t finish_carry(struct decoder *decoder, const unsigned char *p, size_t n, bool last, size_t *used, char *out)
{
	size_t written = 0;

	*used = 0;
	while (decoder->carry_n) {
		int length = utf8_length(decoder->carry, decoder->carry_n);

		if (decoder->carry[0] == 0) {
			if (!decoder->nul_bytes++)
				decoder->nul_line = decoder->lines + 1;
		} else if (length > 0) {
			memcpy(out + written, decoder->carry, (size_t)length);
			decoder->utf8_characters += length > 1;
			written += (size_t)length;
		} else if (length < 0 && *used < n) {
			decoder->carry[decoder->carry_n++] = p[(*used)++];
			continue;
		} else if (length < 0 && !last) {
			break;
		} else {
			written += put_fallback(decoder, decoder->carry[0], out + written);
			length = 1;
		}
		decoder->carry_n -= (unsigned)length;
		memmove(decoder->carry, decoder->carry + length, decoder->carry_n);
	}
	return written;
}

static size_t feed_bytes(struct decoder *decoder, const unsigned char *p, size_t n, bool last, char *out)
{
	size_t i, written = finish_carry(decoder, p, n, last, &i, out);
	unsigned char before = decoder->last;

	if (decoder->fallback_bytes && !decoder->fallback_line)
		decoder->fallback_line = decoder->lines + 1;
	while (i < n) {
		size_t clean = ascii_prefix(p + i, n - i);
		int length;

		memcpy(out + written, p + i, clean);
		written += clean;
		i += clean;
		if (i == n)
			break;
		length = p[i] ? utf8_length(p + i, n - i) : 0;
		if (length > 0) {
			memcpy(out + written, p + i, (size_t)length);
			written += (size_t)length;
			i += (size_t)length;
			decoder->utf8_characters++;
		} else if (length < 0 && !last) {
			decoder->carry_n = (unsigned)(n - i);
			memcpy(decoder->carry, p + i, n - i);
			break;
		} else {
			uint64_t *line = p[i] ? &decoder->fallback_line : &decoder->nul_line;

			if (!*line) {
				unsigned char scratch = before;

				*line = decoder->lines + count_lines(p, i, &scratch) + 1;
			}
			if (p[i])
				written += put_fallback(decoder, p[i], out + written);
			else
				decoder->nul_bytes++;
			i++;
		}
	}
	decoder->lines += count_lines(p, n, &decoder->last);
	return written;
}

/* One unit of UTF-16; a high surrogate waits in carry for its partner. */
static size_t put_unit(struct decoder *decoder, uint16_t unit, char *out)
{
	size_t written = 0;
	uint16_t high = (uint16_t)(decoder->carry[2] << 8 | decoder->carry[3]);

	if (high) {
		decoder->carry[2] = decoder->carry[3] = 0;
		if (unit >= 0xDC00 && unit <= 0xDFFF)
			return put_character(0x10000 + ((uint32_t)(high - 0xD800) << 10) + (unit - 0xDC00), out);
		decoder->broken_units++;
		written = put_character(REPLACEMENT, out);
	}
	if (unit >= 0xD800 && unit <= 0xDBFF) {
		decoder->carry[2] = (unsigned char)(unit >> 8);
		decoder->carry[3] = (unsigned char)unit;
		return written;
	}
	if (unit >= 0xDC00 && unit <= 0xDFFF) {
		decoder->broken_units++;
		return written + put_character(REPLACEMENT, out + written);
	}
	if (unit == 0) {
		if (!decoder->nul_bytes++)
			decoder->nul_line = decoder->lines + 1;
		return written;
	}
	if (unit == '\r' || (unit == '\n' && decoder->last != '\r'))
		decoder->lines++;
	decoder->last = unit < 0x80 ? (unsigned char)unit : 0;
	return written + put_character(unit, out + written);
}

static size_t feed_units(struct decoder *decoder, const unsigned char *p, size_t n, bool last, char *out)
{
	size_t i = 0, written = 0;

	if (decoder->carry_n && n) {
		unsigned char a = decoder->carry[0], b = p[i++];

		decoder->carry_n = 0;
		written += put_unit(decoder, (uint16_t)(decoder->big_endian ? a << 8 | b : b << 8 | a), out);
	}
	for (; i + 2 <= n; i += 2) {
		unsigned char a = p[i], b = p[i + 1];

		written += put_unit(decoder, (uint16_t)(decoder->big_endian ? a << 8 | b : b << 8 | a), out + written);
	}
	if (i < n) {
		decoder->carry[0] = p[i];
		decoder->carry_n = 1;
	}
	if (last && (decoder->carry_n || decoder->carry[2])) {
		decoder->carry_n = 0;
		decoder->carry[2] = decoder->carry[3] = 0;
		decoder->broken_units++;
		written += put_character(REPLACEMENT, out + written);
	}
	return written;
}

size_t decoder_feed(struct decoder *decoder, struct str in, bool last, char *out)
{
	const unsigned char *p = (const unsigned char *)in.p;

	return decoder->utf16 ? feed_units(decoder, p, in.n, last, out) : feed_bytes(decoder, p, in.n, last, out);
}

enum encoding decoder_encoding(const struct decoder *decoder)
{
	if (decoder->utf16)
		return decoder->big_endian ? ENCODING_UTF16_BE : ENCODING_UTF16_LE;
	if (!decoder->fallback_bytes)
		return ENCODING_UTF8;
	return decoder->utf8_characters ? ENCODING_MIXED : ENCODING_WINDOWS_1252;
}
