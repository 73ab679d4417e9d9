/*
 * The shipped values of the model, by kind of comparison: what a list is matched by before it has taught anything better,
 * and what training is pulled towards where it sees little. Round numbers by judgement; frequencies always come from the data.
 */
#include "matcher/link/fs_model.h"

#include <string.h>

/* Match, household, twin, stranger; the last is a factor where the level goes by frequency. Rows need not sum to one. */
struct row {
	float m, h, t, u;
};

static const struct row name_rows[PHRASE_SPLITS][PHRASE_LEVELS] = {
	{
		[TOKENS_SAME] = {.80f, .01f, .01f, 1},
		[TOKENS_SAME_SOUND] = {.05f, .005f, .01f, 1},
		[TOKENS_SAME_REORDERED] = {.001f, .001f, .001f, 1},
		[TOKENS_PART] = {.05f, .05f, .05f, 1},
		[TOKENS_SIMILAR] = {.001f, .001f, .001f, 1},
		[TOKENS_SIMILAR_PART] = {.001f, .001f, .001f, 1},
		[TOKENS_FUZZY] = {.06f, .02f, .10f, 1},
		[TOKENS_ONE_REST_SIMILAR] = {.001f, .001f, .001f, 1},
		[TOKENS_ONE] = {.002f, .01f, .01f, 1},
		[TOKENS_ONE_FUZZY] = {.003f, .02f, .02f, 1},
		[TOKENS_INITIALS] = {.005f, .01f, .01f, 1},
		[TOKENS_APART] = {.03f, .87f, .77f, .97f},
		[PHRASE_MOST] = {.001f, .001f, .001f, 1},
	},
	{
		[TOKENS_SAME] = {.70f, .005f, .005f, 1},
		[TOKENS_SAME_SOUND] = {.06f, .002f, .005f, 1},
		[TOKENS_SAME_REORDERED] = {.02f, .001f, .001f, 1},
		[TOKENS_PART] = {.05f, .01f, .01f, 1},
		[TOKENS_SIMILAR] = {.08f, .01f, .06f, 1},
		[TOKENS_SIMILAR_PART] = {.02f, .005f, .01f, 1},
		[TOKENS_FUZZY] = {.01f, .002f, .02f, 1},
		[TOKENS_ONE_REST_SIMILAR] = {.005f, .01f, .02f, 1},
		[TOKENS_ONE] = {.02f, .20f, .25f, 1},
		[TOKENS_ONE_FUZZY] = {.006f, .05f, .06f, 1},
		[TOKENS_INITIALS] = {.003f, .005f, .005f, 1},
		[TOKENS_APART] = {.02f, .70f, .55f, .95f},
		[PHRASE_MOST] = {.001f, .001f, .001f, 1},
	},
	{
		[TOKENS_SAME] = {.62f, .003f, .003f, 1},
		[TOKENS_SAME_SOUND] = {.08f, .002f, .003f, 1},
		[TOKENS_SAME_REORDERED] = {.02f, .001f, .001f, 1},
		[TOKENS_PART] = {.03f, .005f, .005f, 1},
		[TOKENS_SIMILAR] = {.13f, .01f, .06f, 1},
		[TOKENS_SIMILAR_PART] = {.03f, .005f, .02f, 1},
		[TOKENS_FUZZY] = {.01f, .002f, .01f, 1},
		[TOKENS_ONE_REST_SIMILAR] = {.02f, .03f, .05f, 1},
		[TOKENS_ONE] = {.02f, .25f, .30f, 1},
		[TOKENS_ONE_FUZZY] = {.006f, .07f, .07f, 1},
		[TOKENS_INITIALS] = {.002f, .005f, .005f, 1},
		[TOKENS_APART] = {.01f, .60f, .45f, .90f},
		[PHRASE_MOST] = {.03f, .01f, .01f, 3},
	},
};

/* Addresses and texts change more than names do, and households share them. */
static const struct row words_rows[PHRASE_LEVELS] = {
	[TOKENS_SAME] = {.62f, .60f, .60f, 1},
	[TOKENS_SAME_SOUND] = {.05f, .05f, .05f, 1},
	[TOKENS_SAME_REORDERED] = {.02f, .02f, .02f, 1},
	[TOKENS_PART] = {.05f, .05f, .05f, 1},
	[TOKENS_SIMILAR] = {.08f, .08f, .08f, 1},
	[TOKENS_SIMILAR_PART] = {.02f, .02f, .02f, 1},
	[TOKENS_FUZZY] = {.02f, .02f, .02f, 1},
	[TOKENS_ONE_REST_SIMILAR] = {.01f, .01f, .01f, 1},
	[TOKENS_ONE] = {.03f, .04f, .04f, 1},
	[TOKENS_ONE_FUZZY] = {.01f, .01f, .01f, 1},
	[TOKENS_INITIALS] = {.005f, .005f, .005f, 1},
	[TOKENS_APART] = {.10f, .10f, .10f, .90f},
	[PHRASE_MOST] = {.02f, .02f, .02f, 3},
};

static const struct row nik_rows[NIK_LEVEL_COUNT] = {
	[DIGITS_EQUAL] = {.84f, .002f, .002f, 1},
	[DIGITS_FIFTEEN] = {.01f, .0005f, .004f, 1e-8f},
	[DIGITS_ONE] = {.05f, .002f, .05f, 1e-6f},
	[DIGITS_SWAPPED] = {.01f, .0002f, .001f, 1e-8f},
	[DIGITS_SHIFTED] = {.01f, .0005f, .001f, 1e-6f},
	[DIGITS_TWO] = {.01f, .003f, .25f, 1e-5f},
	[DIGITS_AREA_DATE] = {.01f, .002f, .15f, 2e-5f},
	[DIGITS_DIFFERENT] = {.05f, .25f, .39f, .35f},
	[NIK_SERIAL] = {.02f, .002f, .20f, 1e-7f},
	[NIK_CORROBORATED] = {.0003f, .74f, .001f, .65f},
};

static const struct row kk_rows[DIGITS_LEVEL_COUNT] = {
	[DIGITS_EQUAL] = {.75f, .92f, .95f, 1},
	[DIGITS_FIFTEEN] = {.01f, .01f, .01f, 1e-7f},
	[DIGITS_ONE] = {.03f, .02f, .02f, 1e-6f},
	[DIGITS_SWAPPED] = {.005f, .004f, .003f, 1e-7f},
	[DIGITS_SHIFTED] = {.005f, .004f, .003f, 1e-5f},
	[DIGITS_TWO] = {.005f, .004f, .003f, 1e-5f},
	[DIGITS_AREA_DATE] = {.005f, .004f, .003f, 2e-5f},
	[DIGITS_DIFFERENT] = {.19f, .034f, .008f, .9999f},
};

static const struct row identifier_rows[IDENTIFIER_LEVEL_COUNT] = {
	[IDENTIFIER_EQUAL] = {.85f, .005f, .005f, 1},
	[IDENTIFIER_ONE_EDIT] = {.07f, .005f, .01f, 1e-5f},
	[IDENTIFIER_TWO_EDITS] = {.02f, .005f, .01f, 1e-3f},
	[IDENTIFIER_DIFFERENT] = {.06f, .985f, .975f, .999f},
};

static const struct row phone_rows[IDENTIFIER_LEVEL_COUNT] = {
	[IDENTIFIER_EQUAL] = {.75f, .30f, .30f, 1},
	[IDENTIFIER_ONE_EDIT] = {.05f, .02f, .02f, 1e-5f},
	[IDENTIFIER_TWO_EDITS] = {.01f, .01f, .01f, 1e-3f},
	[IDENTIFIER_DIFFERENT] = {.19f, .67f, .67f, .999f},
};

static const struct row date_rows[DATES_LEVEL_COUNT] = {
	[DATES_EQUAL] = {.90f, .002f, .93f, 1},
	[DATES_SWAPPED] = {.006f, .0001f, .01f, 2e-5f},
	[DATES_ONE_DIGIT] = {.03f, .002f, .02f, 5e-4f},
	[DATES_DECADE] = {.008f, .0005f, .002f, 2e-4f},
	[DATES_NEAR] = {.005f, .002f, .01f, 2e-3f},
	[DATES_YEAR_OFF] = {.01f, .003f, .005f, 2.5e-3f},
	[DATES_YEAR_MONTH] = {.01f, .001f, .005f, 1e-3f},
	[DATES_YEAR_DAY] = {.006f, .0005f, .003f, 4e-4f},
	[DATES_YEAR_ONLY] = {.01f, .012f, .003f, .012f},
	[DATES_DIFFERENT] = {.015f, .977f, .012f, .98f},
};

static const struct row sex_rows[SEX_LEVEL_COUNT] = {
	[SEX_LEVEL_EQUAL] = {.985f, .45f, .60f, .50f},
	[SEX_LEVEL_DIFFERENT] = {.015f, .55f, .40f, .50f},
};

static const struct row code_rows[CODE_LEVEL_COUNT] = {
	[CODE_EQUAL] = {.85f, .95f, .97f, 1},
	[CODE_NEAR] = {.03f, .01f, .005f, .01f},
	[CODE_BEGINS] = {.03f, .01f, .01f, .10f},
	[CODE_DIFFERENT] = {.09f, .03f, .015f, .89f},
};

static const struct row number_rows[NUMBER_LEVEL_COUNT] = {
	[NUMBER_EQUAL] = {.85f, .60f, .60f, 1},
	[NUMBER_NEAR] = {.05f, .05f, .05f, .08f},
	[NUMBER_DIFFERENT] = {.10f, .35f, .35f, .90f},
};

static const struct row age_rows[NUMBER_LEVEL_COUNT] = {
	[NUMBER_EQUAL] = {.72f, .02f, .93f, 1},
	[NUMBER_NEAR] = {.26f, .10f, .05f, .10f},
	[NUMBER_DIFFERENT] = {.02f, .88f, .02f, .88f},
};

static const struct row email_rows[EMAIL_LEVEL_COUNT] = {
	[EMAIL_EQUAL] = {.75f, .10f, .10f, 1},
	[EMAIL_LOCAL_EQUAL] = {.07f, .005f, .005f, 1e-4f},
	[EMAIL_LOCAL_SIMILAR] = {.10f, .01f, .01f, 1e-3f},
	[EMAIL_DIFFERENT] = {.08f, .885f, .885f, .999f},
};

static const struct row *rows_of(enum comparison_kind kind, unsigned level)
{
	switch (kind) {
	case COMPARE_NAME:
		return &name_rows[phrase_split(level)][phrase_tokens_level(level)];
	case COMPARE_WORDS:
		return &words_rows[phrase_tokens_level(level)];
	case COMPARE_NIK:
		return &nik_rows[level];
	case COMPARE_KK:
		return &kk_rows[level];
	case COMPARE_IDENTIFIER:
		return &identifier_rows[level];
	case COMPARE_PHONE:
		return &phone_rows[level];
	case COMPARE_AGE:
		return &age_rows[level];
	case COMPARE_DATE:
		return &date_rows[level];
	case COMPARE_SEX:
		return &sex_rows[level];
	case COMPARE_CODE:
		return &code_rows[level];
	case COMPARE_NUMBER:
		return &number_rows[level];
	default:
		return &email_rows[level];
	}
}

/*
 * Members of one household share a card; without one, an address, a place, a telephone. Where nothing of the kind is told
 * besides name, date and sex, they are strangers like others.
 */
static bool tells_households(const struct store *store)
{
	if (store->kk >= 0)
		return true;
	for (size_t c = 0; c < store->n_columns && store->name >= 0; c++) {
		switch (store->columns[c].kind) {
		case COMPARE_WORDS:
		case COMPARE_CODE:
		case COMPARE_NUMBER:
		case COMPARE_IDENTIFIER:
		case COMPARE_EMAIL:
		case COMPARE_PHONE:
			return true;
		default:
			break;
		}
	}
	return false;
}

void fs_model_default(struct fs_model *model, const struct store *store)
{
	memset(model, 0, sizeof *model);
	model->n = store->n_columns;
	for (size_t c = 0; c < store->n_columns; c++) {
		struct fs_comparison *comparison = &model->comparisons[c];

		comparison->kind = store->columns[c].kind;
		memcpy(comparison->name, store->columns[c].name, sizeof comparison->name);
		comparison->n_levels = comparison_levels(comparison->kind);
		comparison->parent = -1;
		for (int k = 0; k < FS_CLASSES; k++)
			comparison->p[k][0] = 1;
		for (unsigned level = 1; level < comparison->n_levels; level++) {
			const struct row *row = rows_of(comparison->kind, level);

			comparison->p[FS_MATCH][level] = (double)row->m;
			comparison->p[FS_HOUSEHOLD][level] = (double)row->h;
			comparison->p[FS_TWIN][level] = (double)row->t;
			comparison->p[FS_STRANGER][level] = (double)row->u;
		}
	}
	model->households = tells_households(store);
	model->within = 0.1;
	model->across = 0.5;
	model->members = 2;
	model->twins = store->kk >= 0 || store->date >= 0 ? 0.01 : 0;
	model->threshold = 0.5;
	model->plan = UINT64_MAX;
}

bool fs_model_fits(const struct fs_model *model, const struct store *store)
{
	if (model->n != store->n_columns)
		return false;
	for (size_t c = 0; c < model->n; c++) {
		if (model->comparisons[c].kind != store->columns[c].kind ||
		    strcmp(model->comparisons[c].name, store->columns[c].name) != 0)
			return false;
	}
	return true;
}
