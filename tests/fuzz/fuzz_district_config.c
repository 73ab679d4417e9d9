/*
 * The configuration of a district from any bytes: faults with lines or a configuration whose indices hold.
 */
#include "daemon/base/district_config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct district_config config;
	struct config_faults faults;
	struct error err = {0};
	struct arena arena;

	arena_init(&arena, 0);
	if (district_config_parse((struct str){(const char *)data, size}, &arena, &config, &faults, &err) < 0) {
		must(err.kind == ERROR_INPUT && faults.total > 0 && faults.n > 0);
	} else {
		must(faults.total == 0 && config.rules.district_code.n == 5);
		for (size_t i = 0; i < config.rules.n_rules; i++) {
			const struct rule *rule = &config.rules.rules[i];

			must(rule->n_programmes > 0 && rule->valid_from != 0);
			must((rule->kind == RULE_BARRED_BY) == (rule->reference >= 0));
		}
		for (size_t i = 0; i < config.rules.n_programmes; i++)
			must(config.rules.programmes[i].office >= 0);
	}
	arena_release(&arena);
	return 0;
}
