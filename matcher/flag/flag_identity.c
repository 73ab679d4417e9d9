/*
 * Names of kinds and states, what keeps a flag the same flag, and what it rests on. See flag.h.
 */
#include "matcher/flag/flag.h"

#include "matcher/base/hash.h"

static const char *const KINDS[FLAG_KINDS] = {
        [FLAG_EXCLUSION] = "EXCLUSION",
        [FLAG_INCLUSION] = "INCLUSION",
        [FLAG_OVERLAP] = "OVERLAP",
        [FLAG_DUP_PERSON_IN_LIST] = "DUP_PERSON_IN_LIST",
        [FLAG_DUP_HOUSEHOLD_IN_LIST] = "DUP_HOUSEHOLD_IN_LIST",
        [FLAG_NIK_CONFLICT] = "NIK_CONFLICT",
        [FLAG_INELIGIBLE] = "INELIGIBLE",
        [FLAG_COOLDOWN] = "COOLDOWN",
        [FLAG_QUOTA] = "QUOTA",
        [FLAG_BARRED] = "BARRED",
        [FLAG_DATA_QUALITY] = "DATA_QUALITY",
        [FLAG_MUST_RECEIVE] = "MUST_RECEIVE",
};

const char *flag_kind_name(enum flag_kind kind)
{
	return kind < FLAG_KINDS ? KINDS[kind] : "";
}

const char *flag_state_name(enum flag_state state)
{
	static const char *const names[] = {"finding", "to_check", "provisional"};

	return state <= FLAG_PROVISIONAL ? names[state] : "";
}

/* Lengths are hashed along (hash_bytes() does), so that no two different identities run into the same bytes. */
static uint64_t identity_hash(const struct flag_identity *identity, uint64_t seed)
{
	uint64_t hash = hash_pair(seed, hash_str(str_from(flag_kind_name(identity->kind))));

	hash = hash_pair(hash, hash_bytes(identity->rule.p, identity->rule.n, seed));
	hash = hash_pair(hash, hash_bytes(identity->subject.p, identity->subject.n, seed));
	hash = hash_pair(hash, identity->id);
	return hash_pair(hash, identity->ordinal);
}

struct flag_key flag_key(const struct flag_identity *identity)
{
	return (struct flag_key){identity_hash(identity, 1), identity_hash(identity, 2)};
}

static uint64_t rule_hash(const struct ruleset *rules, const struct rule *rule)
{
	uint64_t hash = hash_pair(hash_str(rule->code), hash_str(str_from(rule_kind_name(rule->kind))));

	hash = hash_pair(hash, hash_str(str_from(rule_level_name(rule->level))));
	for (size_t i = 0; i < rule->n_programmes; i++)
		hash = hash_pair(hash, hash_str(rules->programmes[rule->programmes[i]].code));
	if (rule->reference >= 0)
		hash = hash_pair(hash, hash_str(rules->references[rule->reference].code));
	hash = hash_pair(hash, hash_pair(rule->valid_from, rule->valid_to));
	hash = hash_pair(hash, hash_pair(rule->desil, rule->entries));
	return hash_pair(hash, rule->years);
}

uint64_t flag_basis(enum flag_kind kind, const struct ruleset *rules, const struct rule *rule,
	const uint64_t *fingerprints, size_t n)
{
	uint64_t hash = hash_str(str_from(flag_kind_name(kind))), sum = 0;

	/* A sum does not depend on the order; mixed first, so that equal pairs do not cancel out. */
	for (size_t i = 0; i < n; i++)
		sum += hash_mix(fingerprints[i] + UINT64_C(0x9e3779b97f4a7c15));
	hash = hash_pair(hash, hash_pair(sum, n));
	return rule ? hash_pair(hash, rule_hash(rules, rule)) : hash;
}
