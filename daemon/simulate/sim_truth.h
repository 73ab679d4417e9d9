/*
 * What a flawless check of the simulated lists would say.
 *
 *	truth_entries.csv  list,row,person_id,household_id    whom each row names, and the family that it speaks of on
 *	                                                      the list's date (see sim_world.h); ids empty: nobody.
 *	                                                      Reference rows have no household.
 *	truth_flags.csv    kind,list,row,other_list,other_row,rule
 *	district.conf      the configuration by which the flags were decided
 *	lists.csv          code,period,file,kind,office
 *
 * True flags are the definitions of flags applied to the rows with their true persons and households:
 * - EXCLUSION at the first row of a target household that stands, itself or by one of its listed members, in no
 *   programme's list (any row of the household is as right);
 * - INCLUSION at a row whose household is not on the target list, unless its person is, with another family;
 * - OVERLAP at rows of the first programme of the rule whose household has a row in one of the others;
 * - DUP_PERSON_IN_LIST at each later row of a person in one list (target or programme); DUP_HOUSEHOLD_IN_LIST at the
 *   first row of each further person of a household in a list that has one row per household;
 * - BARRED at rows whose person (by the rule's level: whose household, through a member named in any target or
 *   programme row) stands on the reference list;
 * - INELIGIBLE at rows whose household has a decile on the target list above the rule's;
 * - QUOTA at the first row over it (rows that name nobody not counted).
 * Not among them: NIK_CONFLICT and DATA_QUALITY, which speak of how rows are written, not of what is true.
 */
#ifndef PADAN_SIM_TRUTH_H
#define PADAN_SIM_TRUTH_H

#include "daemon/simulate/sim_folder.h"
#include "daemon/simulate/sim_lists.h"

/* The rows must be in order. */
int sim_truth_write(const struct sim_world *world, const struct sim_lists *lists, struct sim_folder *folder,
	struct error *err) PADAN_MUST_CHECK;

/* district.conf and lists.csv. target_day and list_day say the periods. */
int sim_config_write(const struct sim_world *world, const struct sim_lists *lists, int32_t target_day, int32_t list_day,
	struct sim_folder *folder, struct error *err) PADAN_MUST_CHECK;

/* The rules, shared by district.conf and the truth. */
struct sim_rule {
	const char *code, *kind, *level, *legal_basis, *severity;
	int reference;       /* enum sim_list_code, or -1 */
	int limit;           /* desil of max_desil */
	int programmes[SIM_LISTS + 1]; /* enum sim_list_code, ended by -1 */
};

enum { SIM_RULES = 10 };

extern const struct sim_rule sim_rules[SIM_RULES];

/* The quota of the BLT list: a few rows less than it has, so that it is passed; not passed without damage. */
size_t sim_quota(const struct sim_lists *lists);

#endif
