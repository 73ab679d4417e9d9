/*
 * What a column of an aid list means. The readers find it from the header (daemon/ingest/column_map.h); the matcher
 * reads cells by role and never by their place in an office's layout.
 *
 * Not for: columns of any other list (padan dedupe, padan link): see field.h.
 */
#ifndef PADAN_COLUMN_ROLE_H
#define PADAN_COLUMN_ROLE_H

#include "matcher/base/str.h"

/* Stored by name (padan.lists, remembered mappings), never by number: new roles may go anywhere but to the ends. */
enum column_role {
	COLUMN_IGNORE = 0,       /* known to be of no use here, or not understood */
	COLUMN_NIK,              /* number of the person, 16 digits */
	COLUMN_KK,               /* number of the family card, 16 digits */
	COLUMN_FAMILY_ID,        /* the list's own key of a family (ID Keluarga P3KE, id keluarga DTSEN) */
	COLUMN_PERSON_ID,        /* the list's own key of a person (ID Individu, NISN, id DTKS) */
	COLUMN_NAME,             /* of the person that the row is about */
	COLUMN_BIRTH_DATE,
	COLUMN_BIRTH_PLACE,
	COLUMN_BIRTH_PLACE_DATE, /* "Tempat/Tgl Lahir" in one cell: "JAMBI, 31-12-1980" */
	COLUMN_BIRTH_YEAR,
	COLUMN_AGE,              /* in years, at an unknown date */
	COLUMN_SEX,
	COLUMN_RELATION,         /* to the head of the family (SHDK), as a word or a code */
	COLUMN_HEAD_NAME,        /* name of the head of the family */
	COLUMN_PARENT_NAME,      /* name of a parent or guardian (school lists) */
	COLUMN_PROVINCE,
	COLUMN_REGENCY,          /* kabupaten or kota */
	COLUMN_KECAMATAN,        /* its name */
	COLUMN_KECAMATAN_CODE,
	COLUMN_VILLAGE,          /* its name (desa, kelurahan) */
	COLUMN_VILLAGE_CODE,     /* Kemendagri code, 10 digits with or without dots; may be a BPS code */
	COLUMN_ADDRESS,
	COLUMN_RT,
	COLUMN_RW,
	COLUMN_RT_RW,            /* "003/001" in one cell */
	COLUMN_DESIL,            /* 1..10 */
	COLUMN_AMOUNT,           /* rupiah */
	COLUMN_ROLES             /* how many there are; no role itself */
};

/* A word by which a header calls a role. */
struct column_synonym {
	enum column_role role;
	const char *text; /* as it stands in a header; case, punctuation and spaces do not matter */
};

/* "nik", "kk", "family_id", …: how configuration and database name a role. Never NULL; "ignore" for what is no role. */
const char *column_role_name(enum column_role role);

/* What an office would call such a column, for messages: "NIK", "No. KK", "Nama", "Tanggal lahir" … */
const char *column_role_title(enum column_role role);

/* The role of that name, or COLUMN_ROLES when there is none. */
enum column_role column_role_from_name(struct str name);

#endif
