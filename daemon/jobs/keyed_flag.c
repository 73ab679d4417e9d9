/*
 * Keys and bases of flags from a register; see keyed_flag.h.
 */
#include "daemon/jobs/keyed_flag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { SUBJECT_MAX = 160 };

static bool is_about_household(enum flag_kind kind)
{
	return kind == FLAG_EXCLUSION || kind == FLAG_MUST_RECEIVE || kind == FLAG_DUP_HOUSEHOLD_IN_LIST;
}

static struct flag_key key_of(const struct district *district, const struct ruleset *rules, const struct flag *flag,
	unsigned ordinal)
{
	const struct district_list *list = district_list(district, district_list_of(district, flag->entry));
	char reference[SUBJECT_MAX];
	struct flag_identity identity = {
		.kind = flag->kind,
		.rule = flag->rule >= 0 ? rules->rules[flag->rule].code : (struct str){"", 0},
		.subject = STR_LITERAL("target"),
		.id = is_about_household(flag->kind) ? district_household(district, flag->entry)
						     : district_person(district, flag->entry),
		.ordinal = ordinal,
	};

	if (list->kind == LIST_PROGRAMME) {
		identity.subject = rules->programmes[list->subject].code;
	} else if (list->kind == LIST_REFERENCE) {
		snprintf(reference, sizeof(reference), "ref:%.*s", STR_ARGS(rules->references[list->subject].code));
		identity.subject = str_from(reference);
	}
	return flag_key(&identity);
}

struct alike {
	struct flag_key like;
	uint32_t at;
};

static int compare_alike(const void *a, const void *b)
{
	const struct alike *x = a, *y = b;

	if (x->like.high != y->like.high)
		return x->like.high < y->like.high ? -1 : 1;
	if (x->like.low != y->like.low)
		return x->like.low < y->like.low ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

int keyed_flags_number(const struct district *district, const struct ruleset *rules, struct keyed_flag *flags, size_t n,
	struct error *err)
{
	struct alike *order = malloc((n ? n : 1) * sizeof(*order));

	if (!order)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		flags[i].like = key_of(district, rules, &flags[i].flag, 0);
		order[i] = (struct alike){flags[i].like, (uint32_t)i};
	}
	qsort(order, n, sizeof(*order), compare_alike);
	for (size_t i = 0; i < n; i++) {
		bool again = i && order[i].like.high == order[i - 1].like.high && order[i].like.low == order[i - 1].like.low;

		flags[order[i].at].ordinal = again ? flags[order[i - 1].at].ordinal + 1 : 0;
	}
	free(order);
	return 0;
}

void keyed_flag_text(const struct district *district, const struct ruleset *rules, const struct keyed_flag *flag,
	char text[FLAG_KEY_TEXT])
{
	struct flag_key key = flag->ordinal ? key_of(district, rules, &flag->flag, flag->ordinal) : flag->like;

	snprintf(text, FLAG_KEY_TEXT, "%016" PRIx64 "%016" PRIx64, key.high, key.low);
}

uint64_t keyed_flag_basis(const struct district *district, const struct ruleset *rules, const struct keyed_flag *flag)
{
	uint64_t fingerprints[2] = {district_fingerprint(district, flag->flag.entry)};
	size_t n = 1;

	if (flag->flag.other != FLAG_NO_ENTRY)
		fingerprints[n++] = district_fingerprint(district, flag->flag.other);
	return flag_basis(flag->flag.kind, rules, flag->flag.rule >= 0 ? &rules->rules[flag->flag.rule] : NULL, fingerprints, n);
}
