/*
 * The register: lasting ids through merges, splits and withdrawals; one list at a time gives what all at once gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/district/district.h"

static const struct programme programmes[] = {
	{.code = {"pkh", 3}, .name = {"PKH", 3}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
	{.code = {"bpnt", 4}, .name = {"BPNT", 4}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
};
static const struct ruleset rules = {.programmes = programmes, .n_programmes = 2};

enum { NAMES = 24, PEOPLE = 240 };

static const char *const names[NAMES] = {"SLAMET RIYADI", "NURHAYATI", "BUDI HARTONO", "SITI AMINAH", "AGUS SALIM",
	"SRI WAHYUNI", "HENDRA GUNAWAN", "RATNA DEWI", "JOKO SUSILO", "FATIMAH ZAHRA", "ANDI SAPUTRA", "LINDA SARI",
	"RUDI TABUTI", "WATI LESTARI", "DEDI KURNIAWAN", "MARYAM HASAN", "EKO PRASETYO", "YULIA ROSA", "IMAM BUKHORI",
	"DIAN PERTIWI", "SAMSUL BAHRI", "ROSMALA", "TAUFIK HIDAYAT", "KARTINI"};

/* Person n of a made-up district: three to a family, two families to a name. */
static struct entry person(uint32_t n, uint32_t row)
{
	uint32_t family = n / 3, day = 1 + hash_mix(n) % 28, month = 1 + hash_mix(n + 1000) % 12;
	uint32_t year = 1950 + (uint32_t)(hash_mix(n + 2000) % 60);
	bool woman = n % 2;

	return (struct entry){.row = row, .line = row + 1,
		.nik = UINT64_C(1505010000000000) + (day + 40 * woman) * UINT64_C(100000000) + month * 1000000 + year % 100 * 10000 +
		       1 + n % 7,
		.nik_digits = 16, .kk = UINT64_C(1505011001100000) + family * 131 + 1, .kk_digits = 16, .sex = woman ? 2 : 1,
		.relation = (uint8_t)(n % 3 == 0 ? RELATION_HEAD : n % 3 == 1 ? RELATION_WIFE : RELATION_CHILD),
		.rt = (uint16_t)(1 + family % 9), .birth = year * 10000 + month * 100 + day,
		.village = 1505012001 + family % 4, .name = str_from(names[hash_mix(n + 3000) % NAMES]),
		.name_shown = str_from(names[hash_mix(n + 3000) % NAMES])};
}

static struct district *new_district(void)
{
	struct district *district;

	assert_int_equal(district_new(&rules, NULL, NULL, &district, NULL), 0);
	return district;
}

static uint32_t add_list(struct district *district, enum list_kind kind, int subject, uint32_t day)
{
	struct district_list list = {.kind = kind, .subject = subject, .day = day, .external = day};
	uint32_t number;

	assert_int_equal(district_add_list(district, &list, &number, NULL), 0);
	return number;
}

static uint32_t add(struct district *district, struct entry entry, const struct district_ids *before)
{
	uint32_t number;

	assert_int_equal(district_add_entry(district, &entry, before, &number, NULL), 0);
	return number;
}

static void settle(struct district *district)
{
	struct error err = {0};

	assert_int_equal(district_settle(district, NULL, NULL, &err), 0);
}

/* List number l of five: a target list of everybody, then every second, third … person with a damaged row here and there. */
static void add_nth_list(struct district *district, uint32_t l, const struct district_ids *before)
{
	char family[16];
	uint32_t row = 0;

	add_list(district, l ? LIST_PROGRAMME : LIST_TARGET, l ? (int)(l % 2) : -1, 20240101 + 100 * l);
	for (uint32_t n = 0; n < PEOPLE; n += l + 1) {
		struct entry entry = person(n, ++row);

		if (l == 0) {
			snprintf(family, sizeof(family), "F%u", n / 3);
			entry.family_id = str_from(family);
			entry.kk = 0;
		} else if (hash_mix(n * 31 + l) % 8 == 0) {
			entry.nik = 0;
		} else if (hash_mix(n * 37 + l) % 9 == 0) {
			entry.kk = 0;
		} else if (l % 2 == 0 && hash_mix(n * 41 + l) % 2 == 0) { /* too little but for the family */
			entry.nik += UINT64_C(9990000000000);
			entry.name = STR_LITERAL("M");
		}
		add(district, entry, before ? before++ : NULL);
	}
}

static struct district_ids *ids_of(const struct district *district)
{
	struct district_ids *ids = malloc((district_entries(district) + 1) * sizeof(*ids));

	assert_non_null(ids);
	for (uint32_t i = 0; i < district_entries(district); i++)
		ids[i] = (struct district_ids){district_person(district, i), district_household(district, i)};
	return ids;
}

/* The same partition under other names. */
static void assert_same_partition(const struct district_ids *a, const struct district_ids *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			if ((a[i].person == a[j].person) != (b[i].person == b[j].person))
				fail_msg("persons of entries %zu and %zu", i, j);
			if ((a[i].household == a[j].household) != (b[i].household == b[j].household))
				fail_msg("households of entries %zu and %zu", i, j);
		}
	}
}

static size_t links_by_family(const struct district *district)
{
	size_t n = 0;

	for (uint32_t i = 0; i < district_entries(district); i++) {
		bool found = false;
		double sure;

		for (uint32_t j = 0; j < i && !found; j++)
			found = district_by_family(district, i, j, &sure);
		n += found;
	}
	return n;
}

static void one_list_at_a_time_gives_what_all_at_once_gives(void **state)
{
	struct district *whole = new_district(), *stepwise = new_district(), *again = new_district();
	struct district_ids *a, *b, *c;
	size_t offset = 0;

	(void)state;
	for (uint32_t l = 0; l < 5; l++) {
		add_nth_list(whole, l, NULL);
		add_nth_list(stepwise, l, NULL);
		settle(stepwise);
	}
	settle(whole);
	a = ids_of(whole);
	b = ids_of(stepwise);
	assert_same_partition(a, b, district_entries(whole));
	assert_int_equal(district_persons(whole), district_persons(stepwise));
	assert_int_equal(district_households(whole), district_households(stepwise));
	assert_true(district_households(whole) >= PEOPLE / 3);
	assert_true(links_by_family(whole) > 0);
	assert_int_equal(links_by_family(whole), links_by_family(stepwise));

	/* rebuilt from stored ids: the very same ids, and nothing has changed */
	for (uint32_t l = 0; l < 5; l++) {
		add_nth_list(again, l, b + offset);
		offset = district_entries(again);
	}
	settle(again);
	c = ids_of(again);
	assert_memory_equal(b, c, offset * sizeof(*b));
	district_changed(again, &offset);
	assert_int_equal(offset, 0);
	free(a);
	free(b);
	free(c);
	district_free(whole);
	district_free(stepwise);
	district_free(again);
}

static void a_withdrawn_list_leaves_what_was_before_it(void **state)
{
	struct district *district = new_district();
	struct district_ids *before, *after;
	const struct district_id_change *changes;
	size_t n, kept;
	bool gone = false;

	(void)state;
	add_nth_list(district, 0, NULL);
	add_nth_list(district, 1, NULL);
	settle(district);
	kept = district_entries(district);
	before = ids_of(district);
	add_nth_list(district, 3, NULL); /* the same programme as list 1, later: it is the current one now */
	add(district, person(PEOPLE + 50, 9999), NULL);
	settle(district);
	assert_false(district_list(district, 1)->current);
	assert_int_equal(district_withdraw_list(district, 2, NULL), 0);
	settle(district);
	changes = district_id_changes(district, &n);
	for (size_t i = 0; i < n; i++)
		gone |= changes[i].reason == DISTRICT_ID_GONE && changes[i].level == DISTRICT_PERSON;
	assert_true(gone); /* whoever stood on the withdrawn list alone */
	assert_true(district_list(district, 1)->current);
	after = ids_of(district);
	assert_memory_equal(before, after, kept * sizeof(*before));
	for (size_t i = kept; i < district_entries(district); i++) {
		assert_int_equal(after[i].person, 0);
		assert_int_equal(after[i].household, 0);
	}
	free(before);
	free(after);
	district_free(district);
}

static void a_merge_keeps_the_older_id_and_a_split_tells(void **state)
{
	struct district *district = new_district();
	const struct district_id_change *changes;
	uint32_t a, b;
	uint64_t id_a, id_b;
	size_t n;

	(void)state;
	add_list(district, LIST_PROGRAMME, 0, 20240101);
	a = add(district, person(3, 1), NULL);
	b = add(district, person(100, 2), NULL);
	settle(district);
	id_a = district_person(district, a);
	id_b = district_person(district, b);
	assert_true(id_a < id_b);

	assert_int_equal(district_decide(district, DISTRICT_PERSON, a, b, LINKER_SAME, NULL), 0);
	settle(district);
	assert_int_equal(district_person(district, b), id_a);
	changes = district_id_changes(district, &n);
	assert_true(n >= 1);
	assert_int_equal(changes[0].reason, DISTRICT_ID_MERGED);
	assert_int_equal(changes[0].old, id_b);
	assert_int_equal(changes[0].now, id_a);

	assert_int_equal(district_decide(district, DISTRICT_PERSON, a, b, LINKER_NOT_SAME, NULL), 0);
	settle(district);
	assert_int_equal(district_person(district, a), id_a);
	assert_true(district_person(district, b) > id_b); /* ended ids do not come back */
	changes = district_id_changes(district, &n);
	assert_int_equal(changes[0].reason, DISTRICT_ID_SPLIT);
	assert_int_equal(changes[0].old, id_a);
	assert_int_equal(changes[0].now, district_person(district, b));
	district_free(district);
}

/* Of a cluster that falls apart the larger part keeps the id, though the other stood there first. */
static void the_larger_part_keeps_the_id(void **state)
{
	struct district *district = new_district();
	uint32_t alone, twice, again;
	uint64_t id;

	(void)state;
	add_list(district, LIST_PROGRAMME, 0, 20240101);
	alone = add(district, person(3, 1), NULL);
	twice = add(district, person(100, 2), NULL);
	add_list(district, LIST_PROGRAMME, 1, 20240101);
	again = add(district, person(100, 2), NULL);
	assert_int_equal(district_decide(district, DISTRICT_PERSON, alone, twice, LINKER_SAME, NULL), 0);
	settle(district);
	id = district_person(district, alone);
	assert_int_equal(district_person(district, twice), id);
	assert_int_equal(district_person(district, again), id);

	assert_int_equal(district_decide(district, DISTRICT_PERSON, alone, twice, LINKER_NOT_SAME, NULL), 0);
	settle(district);
	assert_int_equal(district_person(district, twice), id);
	assert_int_equal(district_person(district, again), id);
	assert_true(district_person(district, alone) > id);
	district_free(district);
}

/* A row that says too little is a member of its family, as long as something ties it to the family and nobody objects. */
static void a_family_tells_who_is_meant(void **state)
{
	struct district *district = new_district();
	struct entry damaged = person(4, 1);
	uint32_t members[3], head, row;
	uint64_t older;
	double sure;

	(void)state;
	add_list(district, LIST_TARGET, -1, 20240101);
	for (uint32_t k = 0; k < 3; k++) {
		struct entry entry = person(3 + k, 1 + k);

		entry.family_id = STR_LITERAL("F1");
		entry.kk = 0;
		members[k] = add(district, entry, NULL);
	}
	add_list(district, LIST_PROGRAMME, 0, 20240201);
	head = add(district, person(3, 1), NULL);
	add_list(district, LIST_PROGRAMME, 1, 20240301);
	damaged.nik += UINT64_C(9990000000000);
	damaged.name = STR_LITERAL("M");
	row = add(district, damaged, NULL);
	settle(district);
	assert_int_equal(district_person(district, head), district_person(district, members[0]));
	assert_int_equal(district_person(district, row), district_person(district, members[1]));
	assert_true(district_by_family(district, row, members[1], &sure));
	assert_true(sure > 0.5 && sure < 1);
	assert_false(district_by_family(district, head, members[0], &sure));
	assert_int_equal(district_persons(district), 3);
	older = district_person(district, row);

	assert_int_equal(district_decide(district, DISTRICT_PERSON, row, members[1], LINKER_NOT_SAME, NULL), 0);
	settle(district);
	assert_int_not_equal(district_person(district, row), district_person(district, members[1]));
	assert_int_equal(district_person(district, members[1]), older);
	assert_int_equal(district_persons(district), 4);
	assert_int_equal(district_decide(district, DISTRICT_PERSON, row, members[1], LINKER_UNDECIDED, NULL), 0);
	settle(district);
	assert_int_equal(district_person(district, row), older);

	/* the head's row was all that tied the card to the family */
	assert_int_equal(district_withdraw_list(district, 1, NULL), 0);
	settle(district);
	assert_int_not_equal(district_person(district, row), district_person(district, members[1]));
	assert_int_equal(district_persons(district), 4);
	district_free(district);
}

/* A new card, and a row that is either this member or another of the family: there is no other whom it could be. */
static void a_new_card_finds_its_family(void **state)
{
	struct district *district = new_district();
	struct entry damaged = person(4, 1);
	uint32_t row;
	double sure;

	(void)state;
	add_nth_list(district, 0, NULL);
	settle(district);
	add_list(district, LIST_PROGRAMME, 1, 20240301);
	damaged.nik += 3;
	damaged.kk += 777;
	damaged.name = STR_LITERAL("M");
	row = add(district, damaged, NULL);
	settle(district);
	assert_true(district_by_family(district, row, 4, &sure));
	assert_int_equal(district_person(district, row), district_person(district, 4));
	assert_int_equal(district_household(district, row), district_household(district, 3));
	assert_int_equal(district_withdraw_list(district, 1, NULL), 0);
	settle(district);
	assert_int_equal(district_persons(district), PEOPLE);
	district_free(district);
}

/* A KK typed into the NIK's column leads to the card. */
static void a_kk_for_a_nik_finds_its_card(void **state)
{
	struct district *district = new_district();
	struct entry entry = person(3, 1);
	uint32_t a, b;

	(void)state;
	add_list(district, LIST_PROGRAMME, 0, 20240101);
	a = add(district, entry, NULL);
	add_list(district, LIST_PROGRAMME, 1, 20240201);
	entry = person(5, 1);
	entry.nik = entry.kk;
	entry.kk = entry.kk_digits = 0;
	b = add(district, entry, NULL);
	settle(district);
	assert_int_equal(district_household(district, a), district_household(district, b));
	assert_int_equal(district_withdraw_list(district, 0, NULL), 0);
	settle(district);
	assert_int_equal(district_households(district), 1);
	district_free(district);
}

static void decisions_about_households_hold(void **state)
{
	struct district *district = new_district();
	uint32_t a, b, c;

	(void)state;
	add_list(district, LIST_PROGRAMME, 0, 20240101);
	a = add(district, person(0, 1), NULL);
	b = add(district, person(1, 2), NULL);
	c = add(district, person(90, 3), NULL);
	settle(district);
	assert_int_equal(district_household(district, a), district_household(district, b));
	assert_int_equal(district_decide(district, DISTRICT_HOUSEHOLD, a, b, LINKER_NOT_SAME, NULL), 0);
	assert_int_equal(district_decide(district, DISTRICT_HOUSEHOLD, a, c, LINKER_SAME, NULL), 0);
	settle(district);
	assert_int_not_equal(district_household(district, a), district_household(district, b));
	assert_int_equal(district_household(district, a), district_household(district, c));
	assert_int_equal(district_decide(district, DISTRICT_HOUSEHOLD, b, a, LINKER_UNDECIDED, NULL), 0);
	assert_int_equal(district_decide(district, DISTRICT_HOUSEHOLD, a, c, LINKER_UNDECIDED, NULL), 0);
	settle(district);
	assert_int_equal(district_household(district, a), district_household(district, b));
	assert_int_not_equal(district_household(district, a), district_household(district, c));
	district_free(district);
}

struct seen {
	size_t n;
};

static int see_flag(void *arg, const struct flag *flag)
{
	struct seen *seen = arg;

	assert_true(flag->certainty >= 0 && flag->certainty <= 1);
	seen->n++;
	return 0;
}

static void flags_of_what_was_touched(void **state)
{
	struct district *stepwise = new_district();
	struct seen first = {0}, more = {0}, none = {0}, all = {0};
	const uint32_t *touched;
	size_t n;

	(void)state;
	add_nth_list(stepwise, 0, NULL);
	add_list(stepwise, LIST_PROGRAMME, 1, 20240601);
	add(stepwise, person(9, 1), NULL);
	settle(stepwise);
	assert_int_equal(district_flags(stepwise, false, see_flag, &first, NULL), 0);
	assert_true(first.n >= PEOPLE / 3 - 1); /* every family but one is left out as yet */
	assert_int_equal(district_flags(stepwise, false, see_flag, &none, NULL), 0);
	assert_int_equal(none.n, 0);
	add_list(stepwise, LIST_PROGRAMME, 0, 20240701);
	add(stepwise, person(6, 1), NULL);
	settle(stepwise);
	assert_int_equal(district_touched(stepwise, &touched, &n, NULL), 0);
	assert_int_equal(n, 4); /* the family of three, and the new row */
	assert_int_equal(district_flags(stepwise, false, see_flag, &more, NULL), 0);
	assert_int_equal(more.n, 0); /* no longer left out */
	assert_int_equal(district_flags(stepwise, true, see_flag, &all, NULL), 0);
	assert_int_equal(all.n, first.n - 1);
	district_free(stepwise);
}

/* The first list of what a household must receive says of every household whether it does, those without a row in it too. */
static void a_rule_begins_to_ask_with_its_first_list(void **state)
{
	static const struct rule must = {.kind = RULE_MUST_RECEIVE_ONE_OF, .programmes = {0}, .n_programmes = 1, .reference = -1,
		.valid_from = 20240101};
	static const struct ruleset asking = {.programmes = programmes, .n_programmes = 2, .rules = &must, .n_rules = 1};
	struct district *stepwise;
	struct seen before = {0}, more = {0}, all = {0};

	(void)state;
	assert_int_equal(district_new(&asking, NULL, NULL, &stepwise, NULL), 0);
	add_nth_list(stepwise, 0, NULL);
	add_list(stepwise, LIST_PROGRAMME, 1, 20240601);
	for (uint32_t family = 0; family < 20; family++)
		add(stepwise, person(3 * family, family + 1), NULL);
	settle(stepwise);
	assert_int_equal(district_flags(stepwise, false, see_flag, &before, NULL), 0);
	add_list(stepwise, LIST_PROGRAMME, 0, 20240701);
	add(stepwise, person(3, 1), NULL);
	settle(stepwise);
	assert_int_equal(district_flags(stepwise, false, see_flag, &more, NULL), 0);
	assert_int_equal(district_flags(stepwise, true, see_flag, &all, NULL), 0);
	assert_int_equal(more.n, all.n); /* every flag was decided anew, not that family's alone */
	assert_true(more.n >= before.n + 19);
	district_free(stepwise);
}

static void entries_come_back_as_they_were_added(void **state)
{
	struct district *district = new_district();
	struct entry in = person(7, 3), out;
	uint32_t number;

	(void)state;
	in.name_shown = STR_LITERAL("Nurhayati, S.Pd");
	in.address = STR_LITERAL("JALAN MELATI");
	in.village_text = STR_LITERAL("PIJOAN");
	in.notes[0] = (struct entry_note){NOTE_NIK_DATE, COLUMN_NIK};
	in.n_notes = 1;
	add_list(district, LIST_PROGRAMME, 1, 20240101);
	number = add(district, in, NULL);
	district_entry(district, number, &out);
	assert_int_equal(out.nik, in.nik);
	assert_int_equal(out.village, in.village);
	assert_true(str_equal(out.name, in.name));
	assert_true(str_equal(out.name_shown, in.name_shown));
	assert_true(str_equal(out.address, in.address));
	assert_true(str_equal(out.village_text, in.village_text));
	assert_int_equal(out.n_notes, 1);
	assert_int_equal(out.notes[0].kind, NOTE_NIK_DATE);
	assert_int_equal(district_find_entry(district, 0, 3), number);
	assert_int_equal(district_find_entry(district, 0, 4), DISTRICT_NONE);
	assert_int_equal(district_find_list(district, 20240101), 0);
	in.row = 8; /* a row number is no compared field; an address is */
	assert_int_equal(district_fingerprint(district, add(district, in, NULL)), district_fingerprint(district, number));
	in.row = 9;
	in.address = STR_LITERAL("JALAN MAWAR");
	assert_int_not_equal(district_fingerprint(district, add(district, in, NULL)), district_fingerprint(district, number));
	district_free(district);
}

static void one_person_is_searched(void **state)
{
	struct district *district = new_district();
	struct district_hit hits[4];
	struct entry asked, found;
	size_t n, rows = 0;
	uint32_t entry;

	(void)state;
	assert_int_equal(district_search(district, &(struct entry){.nik = 1}, hits, 4), 0);
	for (uint32_t l = 0; l < 3; l++)
		add_nth_list(district, l, NULL);
	settle(district);
	/* A NIK with one digit wrong and the name: all that a counter is told. */
	asked = (struct entry){.nik = person(12, 0).nik + 1, .nik_digits = 16, .name = person(12, 0).name};
	n = district_search(district, &asked, hits, 4);
	assert_in_range(n, 1, 4);
	district_entry(district, hits[0].entry, &found);
	assert_true(str_equal(found.name, asked.name));
	assert_int_equal(hits[0].person, district_person(district, 12));
	assert_true(hits[0].probability > 0.5);
	entry = hits[0].entry;
	do {
		rows++;
		assert_int_equal(district_person(district, entry), hits[0].person);
		entry = district_next_of_person(district, entry);
	} while (entry != hits[0].entry);
	assert_int_equal(rows, 3); /* persons 0, 6, 12 … stand in all three lists */
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(hits[i].person, hits[k].person);
	/* Nobody of that name and number; and a list that is withdrawn is searched no more. */
	asked = (struct entry){.nik = UINT64_C(3273015507990009), .nik_digits = 16, .name = STR_LITERAL("XAVIER ZUQOP")};
	assert_int_equal(district_search(district, &asked, hits, 4), 0);
	for (uint32_t l = 0; l < 3; l++)
		assert_int_equal(district_withdraw_list(district, l, NULL), 0);
	settle(district);
	asked = person(12, 0);
	assert_int_equal(district_search(district, &asked, hits, 4), 0);
	district_free(district);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_list_at_a_time_gives_what_all_at_once_gives),
		cmocka_unit_test(a_withdrawn_list_leaves_what_was_before_it),
		cmocka_unit_test(a_merge_keeps_the_older_id_and_a_split_tells),
		cmocka_unit_test(the_larger_part_keeps_the_id),
		cmocka_unit_test(a_family_tells_who_is_meant),
		cmocka_unit_test(a_new_card_finds_its_family),
		cmocka_unit_test(a_kk_for_a_nik_finds_its_card),
		cmocka_unit_test(decisions_about_households_hold),
		cmocka_unit_test(flags_of_what_was_touched),
		cmocka_unit_test(a_rule_begins_to_ask_with_its_first_list),
		cmocka_unit_test(entries_come_back_as_they_were_added),
		cmocka_unit_test(one_person_is_searched),
	};

	return cmocka_run_group_tests_name("district", tests, NULL, NULL);
}
