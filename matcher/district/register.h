/*
 * Inside the district: how its entries lie in memory. For the files of matcher/district/ alone.
 */
#ifndef PADAN_REGISTER_H
#define PADAN_REGISTER_H

#include "matcher/base/arena.h"
#include "matcher/base/key_index.h"
#include "matcher/district/district.h"
#include "matcher/household/household.h"
#include "matcher/household/household_attach.h"

/* A growing array of entry numbers. */
struct entry_set {
	uint32_t *items;
	size_t n, room;
};

int entry_set_add(struct entry_set *set, uint32_t entry, struct error *err) PADAN_MUST_CHECK;
/* Ascending, each once. */
void entry_set_sort(struct entry_set *set);
void entry_set_release(struct entry_set *set);

/* What a settle is doing with an entry; all zero between settles. */
enum register_mark {
	MARK_SEEN = 1,        /* stands in the set that is being gathered */
	MARK_KK_WALKED = 2,   /* on the newest entry of a KK: its chain is in */
	MARK_FAMILY_WALKED = 4,
	MARK_RT_WALKED = 8,
	MARK_NIK_WALKED = 32, /* on the newest entry of a NIK that is somebody's KK */
	MARK_TOUCHED = 16     /* outlives a settle: stands in district->touched */
};

struct register_entry {
	uint64_t nik, kk;
	uint64_t person_id, household_id;
	const unsigned char *texts; /* packed by texts_pack() */
	uint32_t list, row;
	uint32_t birth;
	uint32_t village;   /* number in district->villages, 0 unknown */
	uint32_t family;    /* number in district->families, 0 none */
	uint32_t person;    /* cluster: its smallest entry; DISTRICT_NONE: withdrawn or not settled yet */
	uint32_t household; /* its smallest entry; DISTRICT_NONE: reference row, withdrawn, not settled yet */
	uint32_t core;      /* the same before guests were attached */
	uint32_t next_of_person, next_of_household; /* rings: itself when alone */
	float certainty;    /* of the household */
	float kin;          /* 1; less where the family alone makes it this person: how sure that is, see context.c */
	uint16_t rt, rw;
	uint8_t nik_digits, kk_digits;
	uint8_t sex, relation, desil;
	uint8_t quality;    /* notes that call for a DATA_QUALITY flag */
	uint8_t marks;      /* enum register_mark */
};

struct text_pool {
	struct arena arena;
	unsigned char *free;
	size_t left;
};

/* Texts that many entries share, numbered from 1: villages, family ids. */
struct text_numbers {
	struct key_index index;
	uint64_t *hashes; /* by number - 1 */
	uint64_t *values; /* what the caller keeps with it (a village's code); may be 0 */
	size_t n, room;
};

struct household_decision_kept {
	uint32_t a, b;
	bool same;
};

/* A household that an entry might belong to as well. Ascending by a. */
struct household_doubt_kept {
	uint32_t a, b;
	float probability;
};

struct district {
	const struct ruleset *rules;
	const struct village_table *villages;
	struct linker *linker;
	struct text_pool texts;
	struct arena scratch; /* within one call */
	struct district_list *lists;
	size_t n_lists, lists_room;
	struct register_entry *entries;
	size_t n_entries, entries_room;
	struct text_numbers village_numbers, family_numbers;
	struct household_settings household_settings;
	float attach_precision[ATTACH_PATTERNS]; /* how far each pattern is believed; 0: not at all */
	struct key_index by_kk, by_family, by_nik, by_rt;
	struct district_ids next;
	size_t n_persons, n_households;
	struct household_decision_kept *decisions;
	size_t n_decisions, decisions_room;
	struct household_doubt_kept *doubts;
	size_t n_doubts, doubts_room;
	struct entry_set fresh;   /* new, withdrawn or newly decided since the last settle */
	struct entry_set changed; /* told by district_changed() */
	struct entry_set touched; /* for the next district_flags() */
	struct district_id_change *id_changes;
	size_t n_id_changes, id_changes_room;
	unsigned n_targets;
	unsigned measure; /* the linker's at the last settle */
	bool settle_all;  /* a new model: everything is decided anew */
	bool all_touched; /* new rules or a period closed: every flag may change */
	uint64_t conditions; /* of the lists at the last district_flags(), see flags.c */
};

/* register.c */
int district_touch(struct district *district, uint32_t entry, struct error *err) PADAN_MUST_CHECK;
int district_touch_all(struct district *district, struct error *err) PADAN_MUST_CHECK;
/* A number for a text or code, the same for the same hash; 0 and err on memory. */
uint32_t text_numbers_get(struct text_numbers *numbers, uint64_t hash, uint64_t value, struct error *err);

/* texts.c: the texts and notes of an entry in one run of bytes. */
const unsigned char *texts_pack(const struct entry *entry, struct text_pool *pool);
void texts_unpack(const unsigned char *texts, struct entry *ret);

/* schema.c */
enum district_field {
	DISTRICT_NIK, DISTRICT_KK, DISTRICT_FAMILY, DISTRICT_NAME, DISTRICT_BIRTH, DISTRICT_SEX, DISTRICT_VILLAGE,
	DISTRICT_RT, DISTRICT_ADDRESS, DISTRICT_FIELDS
};
extern const struct linker_schema district_schema;
/* The values an entry is linked by; texts live in scratch. -1: memory. */
int district_field_values(const struct entry *entry, struct arena *scratch, struct field_value values[DISTRICT_FIELDS]);
uint64_t district_entry_fingerprint(const struct entry *entry);

/* persons.c: takes the linker's clusters over; adds to `dirty` what is in another cluster than before. */
int district_settle_persons(struct district *district, struct entry_set *dirty, struct error *err) PADAN_MUST_CHECK;
/* … once the families have had their say: gives ids to the persons of what was dirty or settled. */
int district_name_persons(struct district *district, const struct entry_set *dirty, const struct entry_set *settled,
	struct error *err) PADAN_MUST_CHECK;
/* … takes over anew for these alone: all entries of every ring concerned. */
void district_relink_persons(struct district *district, struct entry_set *set);
/* attach.c: the key of an entry's RT; 0: not known, or a reference row. */
uint64_t district_rt_key(const void *district, uint32_t entry);
/* households.c: decides the households that hang together with the dirty entries. */
int district_settle_households(struct district *district, struct entry_set *dirty,
	const struct linker_progress *progress, struct error *err) PADAN_MUST_CHECK;

/*
 * ids.c: gives ids to the clusters of the entries in `set` (all entries of every cluster and of every earlier id that
 * is concerned) and records what became of the earlier ids.
 */
int district_assign_ids(struct district *district, enum district_level level, const struct entry_set *set,
	struct error *err) PADAN_MUST_CHECK;

/* flags.c: how sure it is that two entries are of one person. */
double district_same_person(const struct district *district, uint32_t a, uint32_t b);

/*
 * The number of an entry's village, as far as it says whether two entries are of one village; 0: not known, also where the
 * name as written is in no table of villages or stands there more than once.
 */
static inline uint32_t district_village(const struct district *district, uint32_t entry)
{
	uint32_t village = district->entries[entry].village;
	bool has_table = district->villages && district->villages->n;

	return village && has_table && !district->village_numbers.values[village - 1] ? 0 : village;
}

static inline bool district_withdrawn(const struct district *district, uint32_t entry)
{
	return district->lists[district->entries[entry].list].withdrawn;
}

static inline bool district_is_reference(const struct district *district, uint32_t entry)
{
	return district->lists[district->entries[entry].list].kind == LIST_REFERENCE;
}

#endif
