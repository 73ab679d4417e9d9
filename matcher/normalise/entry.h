/*
 * A row of a district list, understood: one struct entry per accepted row, the same for files (`padan check`),
 * for the daemon and for the tests. Made by entry_build() from cells and the meaning of their columns.
 *
 * Plain data: texts belong to the arena that entry_build() was given. Nothing here decides who matches whom.
 */
#ifndef PADAN_ENTRY_H
#define PADAN_ENTRY_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/base/str.h"
#include "matcher/normalise/column_role.h"
#include "matcher/normalise/place.h"
#include "matcher/normalise/relation.h"

#include <stdbool.h>
#include <stdint.h>

/* Something that normalisation changed or doubts; entry_note_text() says it in words. */
enum note_kind {
	NOTE_NONE = 0,
	NOTE_NIK_MISSING,
	NOTE_NIK_PLACEHOLDER,
	NOTE_NIK_LENGTH,      /* not 16 digits */
	NOTE_NIK_SPREADSHEET, /* 16th digit zeroed: 15 digits hold */
	NOTE_NIK_EXPONENT,    /* 1,505E+15: only the leading digits hold */
	NOTE_NIK_REPAIRED,    /* separators, O and l, apostrophe, ".0" mended */
	NOTE_NIK_IS_KK,       /* the NIK column holds what looks like the KK number, or the two are swapped */
	NOTE_NIK_INVALID,     /* area, date or serial that no NIK can have */
	NOTE_NIK_TEMPORARY,   /* 0 + village code + …: given by a village information system */
	NOTE_NIK_DATE,        /* the NIK's birth date is not the row's */
	NOTE_NIK_SEX,         /* the NIK's sex is not the row's */
	NOTE_KK_MISSING,
	NOTE_KK_PLACEHOLDER,
	NOTE_KK_LENGTH,
	NOTE_KK_SPREADSHEET,
	NOTE_KK_EXPONENT,
	NOTE_KK_REPAIRED,
	NOTE_KK_INVALID,
	NOTE_DATE_UNREADABLE,
	NOTE_DATE_IMPOSSIBLE,
	NOTE_DATE_PARTIAL, /* only the year, or year and month */
	NOTE_DATE_CENTURY, /* a two-digit year was completed */
	NOTE_SEX_UNREADABLE,
	NOTE_VILLAGE_UNKNOWN,  /* not in the official table; kept as written */
	NOTE_VILLAGE_RESPELT,  /* found in the table under another spelling */
	NOTE_NAME_TITLES,      /* titles or BIN/BINTI were set aside */
	NOTE_NAME_DECEASED,    /* ALM / ALMH before the name: worth a look */
	NOTE_NAME_ABBREVIATED, /* M. → MUHAMMAD and its kin */
	NOTE_NAME_CUT,         /* may have been cut by a field's length */
	NOTE_DATE_FROM_AGE,    /* no date, only an age: the birth year may be one off */
	NOTE_VILLAGE_BPS,      /* only a code of BPS, which no table of Kemendagri codes knows */
	NOTE_KINDS
};

enum { ENTRY_NOTES_MAX = 12 };

struct entry_note {
	uint8_t kind; /* enum note_kind */
	uint8_t role; /* enum column_role: the column it is about */
};

struct entry {
	uint32_t row;       /* record number in its list, from 1 */
	uint64_t line;      /* line of the file or row of the sheet, from 1 */
	uint64_t nik;       /* 16 digits as a number; 0 none. Wrong lengths stay as they are (see nik_digits) */
	uint64_t kk;        /* likewise */
	uint8_t nik_digits; /* 16, or how many digits hold (15 for a spreadsheet's) */
	uint8_t kk_digits;
	uint8_t sex;             /* 0 unknown, 1 male, 2 female */
	uint8_t relation;        /* enum relation */
	uint8_t desil;           /* 1..10, 0 unknown */
	uint16_t rt, rw;         /* 0 unknown */
	uint32_t birth;          /* yyyymmdd, unknown parts 00; 0 unknown */
	uint64_t village;        /* ten-digit Kemendagri code as a number; 0 unknown */
	struct str name;         /* canonical tokens; never empty in an accepted entry */
	struct str name_shown;   /* as the office wrote it, folded white space only: for people to read */
	struct str father_name;  /* behind BIN/BINTI, canonical; may be empty */
	struct str head_name;    /* of the household's head, or else of a parent, where the list has a column for it; canonical */
	struct str family_id;    /* the target list's own household key, folded */
	struct str person_id;    /* the list's own person key, folded */
	struct str birth_place;  /* folded */
	struct str address;      /* canonical, RT/RW set apart */
	struct str village_text; /* as written, folded; empty when there is none */
	struct entry_note notes[ENTRY_NOTES_MAX];
	uint8_t n_notes; /* further notes than fit are dropped; the first ones matter most */
};

/* What entry_build() needs to know beside the cells; everything may be zero. */
struct entry_context {
	const struct village_table *villages; /* may be NULL: names then stay as written */
	uint32_t district;                    /* 1505: the district's four digits, for codes without them */
	uint16_t reference_year;              /* the list's year: two-digit years, ages; 0: 2025 */
	uint8_t date_order;                   /* enum date_order, learnt from the list's unambiguous dates */
	uint8_t name_width;                   /* letters at which the list cuts its names (list_habits.h); 0: it does not */
	uint8_t sex_coding;                   /* enum sex_coding, learnt from the list's column */
	struct str sheet_village;             /* a sheet's name when the list has no village column */
};

/* Why a row is not accepted: it names nobody. (Rows that can't be read never get here.) */
enum entry_reject { ENTRY_ACCEPTED = 0, ENTRY_NAMES_NOBODY };

/*
 * Builds an entry from a row. cells[i] has the meaning roles[i]; numeric[i] (may be NULL) says that the cell came as
 * a number from a workbook. Returns 0 and sets *reject; -1 only when memory ran out.
 */
int entry_build(const struct entry_context *context, const enum column_role *roles, const struct str *cells,
        const bool *numeric, size_t n_cells, uint32_t row, uint64_t line, struct arena *arena, struct entry *out,
        enum entry_reject *reject, struct error *err) PADAN_MUST_CHECK;

/* A note in words, Indonesian or English, without the value it is about. */
const char *entry_note_text(enum note_kind kind, bool english);
/* A stable lower-case word for files and the database: "nik_spreadsheet". */
const char *entry_note_name(enum note_kind kind);
/* Whether a DATA_QUALITY flag should be raised for it (a mended separator is none). */
bool entry_note_is_quality(enum note_kind kind);

#endif
