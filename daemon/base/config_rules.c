/*
 * What the keys of a rule say together. See config_reader.h.
 */
#include "daemon/base/config_reader.h"

/* Which parameter a kind needs; NULL: none. The other parameters then have no meaning and are refused. */
static const char *const PARAMETERS[RULE_KINDS] = {
        [RULE_MAX_DESIL] = "desil",
        [RULE_QUOTA] = "entries",
        [RULE_COOLDOWN] = "years",
        [RULE_BARRED_BY] = "reference",
};

const struct ini_entry *config_given(const struct ini_section *section, const char *key)
{
	for (size_t i = 0; i < section->n_entries; i++)
		if (section->entries[i].value.n && str_equal(section->entries[i].key, str_from(key)))
			return &section->entries[i];
	return NULL;
}

static void check_parameters(struct config_reader *reader, const struct ini_section *section, const struct rule *rule)
{
	const char *wanted = PARAMETERS[rule->kind], *kind = rule_kind_name(rule->kind);

	if (wanted && !config_given(section, wanted))
		config_faults_add(reader->faults, section->line, "aturan %s dengan kind = %s memerlukan kunci \"%s\".",
			"rule %s of kind = %s needs the key \"%s\".", rule->code.p, kind, wanted);
	for (size_t i = 0; i < RULE_KINDS; i++) {
		const struct ini_entry *entry = PARAMETERS[i] ? config_given(section, PARAMETERS[i]) : NULL;

		if (entry && i != rule->kind)
			config_faults_add(reader->faults, entry->line,
				"\"%s\" hanya untuk kind = %s, sedangkan aturan ini %s; hapus barisnya.",
				"\"%s\" is for kind = %s only, and this rule is a %s; remove the line.", PARAMETERS[i],
				rule_kind_name((enum rule_kind)i), kind);
	}
}

static void check_level(struct config_reader *reader, const struct ini_section *section, const struct rule *rule)
{
	const struct ini_entry *level = config_given(section, "level");
	bool household = rule->kind == RULE_ONE_PER_HOUSEHOLD || rule->kind == RULE_TARGET_ONLY ||
		rule->kind == RULE_MUST_RECEIVE_ONE_OF;

	if (level && household && rule->level == LEVEL_PERSON)
		config_faults_add(reader->faults, level->line, "%s selalu dinilai per keluarga; tulis level = household.",
			"%s is always judged by household; write level = household.", rule_kind_name(rule->kind));
}

static void check_programmes(struct config_reader *reader, const struct ini_section *section, const struct rule *rule)
{
	const struct ini_entry *entry = config_given(section, "programmes");
	const struct ruleset *rules = &reader->out->rules;

	if (!entry)
		return;
	if (rule->kind == RULE_FORBIDDEN_OVERLAP && rule->n_programmes == 1 && !memchr(entry->value.p, ',', entry->value.n))
		config_faults_add(reader->faults, entry->line,
			"forbidden_overlap memerlukan dua program atau lebih; satu program tidak bertumpang tindih dengan dirinya.",
			"forbidden_overlap needs two programmes or more; a programme does not overlap with itself.");
	if (rule->kind != RULE_TARGET_ONLY)
		return;
	for (size_t i = 0; i < rule->n_programmes; i++) {
		const struct programme *programme = &rules->programmes[rule->programmes[i]];

		if (!programme->inclusion)
			config_faults_add(reader->faults, entry->line,
				"target_only bertentangan dengan inclusion = no pada [programme %s]; hapus salah satu.",
				"target_only contradicts inclusion = no of [programme %s]; remove one of them.", programme->code.p);
	}
}

void config_check_rule(struct config_reader *reader, const struct ini_section *section, const struct rule *rule)
{
	const struct ini_entry *to = config_given(section, "valid_to");

	if (to && rule->valid_to && rule->valid_from && rule->valid_to < rule->valid_from)
		config_faults_add(reader->faults, to->line, "valid_to lebih awal daripada valid_from; aturan ini tidak pernah berlaku.",
			"valid_to lies before valid_from; this rule is never in force.");
	if (!config_given(section, "kind") || rule->kind >= RULE_KINDS)
		return;
	check_parameters(reader, section, rule);
	check_level(reader, section, rule);
	check_programmes(reader, section, rule);
}
