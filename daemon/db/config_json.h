/*
 * A district's configuration as the JSON arrays that daemon/db/sql/apply_*.sql take. For config_apply.c.
 */
#ifndef PADAN_CONFIG_JSON_H
#define PADAN_CONFIG_JSON_H

#include "daemon/base/district_config.h"
#include "matcher/normalise/place.h"

#include <jansson.h>

/* Each returns a new reference, or NULL when memory ran out. */
json_t *apply_json_offices(const struct district_config *config);
json_t *apply_json_programmes(const struct district_config *config);
json_t *apply_json_references(const struct district_config *config);
json_t *apply_json_rules(const struct district_config *config);
json_t *apply_json_periods(const struct district_config *config);
json_t *apply_json_settings(const struct district_config *config); /* an object: thresholds, alerts, words for columns */
json_t *apply_json_villages(const struct village_table *table);

#endif
