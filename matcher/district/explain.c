/*
 * A flag in words: gathers what matcher/flag/explain.h needs to know about the two rows and their lists.
 */
#include "matcher/district/register.h"

#include "matcher/flag/explain.h"

static void describe_party(const struct district *district, uint32_t number, struct entry *entry,
	struct explain_party *party)
{
	const struct district_list *list = &district->lists[district->entries[number].list];
	const struct village *village;

	district_entry(district, number, entry);
	*party = (struct explain_party){.entry = entry, .kind = list->kind, .period = str_from(list->period),
		.row = entry->row};
	if (list->kind == LIST_PROGRAMME)
		party->list = district->rules->programmes[list->subject].name;
	else if (list->kind == LIST_REFERENCE)
		party->list = district->rules->references[list->subject].name;
	village = district->villages && entry->village ? place_village(district->villages, entry->village) : NULL;
	if (village)
		party->village = village->name;
}

int district_explain(const struct district *district, const struct flag *flag, const struct explain_style *style,
	struct strbuf *out, struct error *err)
{
	struct explain_case explained = {.flag = flag, .rules = district->rules, .has_other = flag->other != FLAG_NO_ENTRY};
	struct entry at, other;

	describe_party(district, flag->entry, &at, &explained.at);
	if (explained.has_other) {
		double sure;

		describe_party(district, flag->other, &other, &explained.other);
		explained.same_person = district->entries[flag->entry].person == district->entries[flag->other].person ||
					district_same_person(district, flag->entry, flag->other) >= EXPLAIN_SAME_PERSON_FROM;
		explained.by_family = district_by_family(district, flag->entry, flag->other, &sure);
	}
	explained.list_entries = district->lists[district->entries[flag->entry].list].n_entries;
	return explain_flag(&explained, style, out, err);
}
