/*
 * padan simulate as a whole: the same options give the same bytes, the truth fits the files, no damage means clean
 * lists, years leave their marks, and an interrupted run leaves nothing behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/simulate/simulate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const all_files[] = {"district.conf", "lists.csv", "target.csv", "pkh.csv", "bpnt.xlsx",
	"blt_dd.tsv",
	"pbi_jk.txt", "pip.csv", "rtlh.csv", "asn.csv", "meninggal.csv", "truth_entries.csv", "truth_flags.csv"};

enum { FILES = sizeof all_files / sizeof all_files[0] };

struct place {
	char root[64];
	char a[96], b[96];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	if (!place)
		return -1;
	snprintf(place->root, sizeof place->root, "/tmp/test_simulate.XXXXXX");
	if (!mkdtemp(place->root))
		return -1;
	snprintf(place->a, sizeof place->a, "%s/a", place->root);
	snprintf(place->b, sizeof place->b, "%s/b", place->root);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	char path[256];
	const char *const folders[] = {place->a, place->b};

	for (int f = 0; f < 2; f++) {
		for (int i = 0; i < FILES; i++) {
			snprintf(path, sizeof path, "%s/%s", folders[f], all_files[i]);
			unlink(path);
		}
		rmdir(folders[f]);
	}
	rmdir(place->root);
	free(place);
	return 0;
}

static struct simulate_options usual(const char *out)
{
	return (struct simulate_options){.out = out, .district = "15.05", .households = 800, .seed = 5, .damage = 1};
}

static void run(const struct simulate_options *options, struct simulate_summary *summary)
{
	struct error err = {0};

	if (simulate_district(options, NULL, NULL, summary, &err) < 0)
		fail_msg("%s", err.en);
}

static char *read_file(const char *folder, const char *name, size_t *size)
{
	char path[256];
	struct stat st;
	char *bytes;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	bytes = malloc((size_t)st.st_size + 1);
	assert_non_null(bytes);
	*size = fread(bytes, 1, (size_t)st.st_size, f);
	assert_int_equal(*size, st.st_size);
	bytes[*size] = '\0';
	fclose(f);
	return bytes;
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

/* Lines of the text that begin with that. */
static size_t lines_with(const char *text, const char *prefix)
{
	size_t n = 0, length = strlen(prefix);

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
		n += strncmp(p, prefix, length) == 0;
	return n;
}

static void same_options_same_bytes(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;

	options.years = 1;
	run(&options, &summary);
	options.out = place->b;
	run(&options, &summary);
	run(&options, &summary); /* again, into a folder that exists */
	for (int i = 0; i < FILES; i++) {
		size_t n, m;
		char *x = read_file(place->a, all_files[i], &n), *y = read_file(place->b, all_files[i], &m);

		assert_int_equal(n, m);
		assert_memory_equal(x, y, n);
		free(x);
		free(y);
	}
}

static void another_seed_other_people(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	size_t n, m;
	char *x, *y;

	run(&options, &summary);
	x = read_file(place->a, "target.csv", &n);
	options.seed = 6;
	run(&options, &summary);
	y = read_file(place->a, "target.csv", &m);
	assert_true(n != m || memcmp(x, y, n) != 0);
	free(x);
	free(y);
}

/* The last row of a list in truth_entries.csv: its rows are numbered without a gap. */
static size_t rows_of(const char *entries, const char *list)
{
	char prefix[32];
	size_t row = 0;

	snprintf(prefix, sizeof prefix, "%s,", list);
	for (const char *p = entries; p && *p; p = strchr(p, '\n'), p = p ? p + 1 : NULL) {
		if (strncmp(p, prefix, strlen(prefix)) != 0)
			continue;
		assert_int_equal(strtoul(p + strlen(prefix), NULL, 10), ++row);
	}
	return row;
}

static void truth_fits_the_files(void **state)
{
	static const struct {
		const char *list, *file;
		size_t other_lines; /* titles, header, total, signature */
	} lists[] = {{"target", "target.csv", 4}, {"pkh", "pkh.csv", 1}, {"blt_dd", "blt_dd.tsv", 9}, {"pip", "pip.csv",
		4},
		{"rtlh", "rtlh.csv", 2}, {"ref:asn", "asn.csv", 1}, {"ref:meninggal", "meninggal.csv", 1}};
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	size_t n, total = 0;
	char *entries, *flags;

	run(&options, &summary);
	entries = read_file(place->a, "truth_entries.csv", &n);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		char *file = read_file(place->a, lists[i].file, &n);

		assert_int_equal(lines_of(file) - lists[i].other_lines, rows_of(entries, lists[i].list));
		free(file);
	}
	assert_int_equal(rows_of(entries, "target"), summary.target_rows);
	total = lines_of(entries) - 1;
	assert_int_equal(total, summary.target_rows + summary.programme_rows + summary.reference_rows);

	flags = read_file(place->a, "truth_flags.csv", &n);
	for (char *p = strchr(flags, '\n') + 1; *p; p = strchr(p, '\n') + 1) {
		char kind[32], list[32];
		unsigned row;

		assert_int_equal(sscanf(p, "%31[^,],%31[^,],%u,", kind, list, &row), 3);
		assert_in_range(row, 1, rows_of(entries, list));
	}
	assert_true(lines_with(flags, "EXCLUSION,target,") > 20);
	assert_true(lines_with(flags, "INCLUSION,") > 3);
	assert_true(lines_with(flags, "DUP_PERSON_IN_LIST,") > 3);
	free(flags);
	free(entries);
}

static void no_damage_no_errors_but_exclusion(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	size_t n;
	char *flags, *entries, *target;

	options.damage = 0;
	run(&options, &summary);
	flags = read_file(place->a, "truth_flags.csv", &n);
	assert_int_equal(lines_of(flags) - 1, lines_with(flags, "EXCLUSION,"));
	entries = read_file(place->a, "truth_entries.csv", &n);
	assert_null(strstr(entries, ",,\n")); /* every row names somebody */
	target = read_file(place->a, "target.csv", &n);
	assert_null(strstr(target, ",Tidak,Laki-laki,")); /* Padan Dukcapil: every NIK is as in the registry */
	assert_null(strstr(target, ",Tidak,Perempuan,"));
	free(target);
	free(entries);
	free(flags);
}

static void more_damage_more_errors(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	size_t n, wrong[2];

	options.households = 2000;
	for (int twice = 0; twice < 2; twice++) {
		char *flags;

		options.damage = 1 + twice;
		run(&options, &summary);
		flags = read_file(place->a, "truth_flags.csv", &n);
		wrong[twice] = lines_of(flags) - 1 - lines_with(flags, "EXCLUSION,");
		free(flags);
	}
	assert_true(wrong[1] > wrong[0] * 3 / 2);
	assert_true(wrong[1] < wrong[0] * 3);
}

static void years_move_people(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary now, later;

	options.damage = 0;
	run(&options, &now);
	options.years = 3;
	run(&options, &later);
	assert_true(later.households > now.households); /* the young set up on their own */
	assert_true(later.people > now.people);         /* children are born */
	assert_true(later.reference_rows > now.reference_rows); /* more have died */
	assert_int_equal(later.target_rows > 0, 1);
}

static bool stop_at_step_9(void *arg, const char *id, const char *en, unsigned step, unsigned steps)
{
	return step >= 9;
}

static void stopping_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	struct error err = {0};
	struct dirent *entry;
	DIR *root;

	assert_int_equal(simulate_district(&options, stop_at_step_9, NULL, &summary, &err), -1);
	assert_int_equal(err.kind, ERROR_CANCELLED);
	root = opendir(place->root);
	assert_non_null(root);
	while ((entry = readdir(root)))
		assert_true(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	closedir(root);
}

static void refuses_what_it_cannot_do(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	struct error err = {0};
	char deep[160];

	options.district = "1505";
	assert_int_equal(simulate_district(&options, NULL, NULL, &summary, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
	error_clear(&err);
	options.district = "15.05";
	snprintf(deep, sizeof deep, "%s/absent/c", place->root);
	options.out = deep;
	assert_int_equal(simulate_district(&options, NULL, NULL, &summary, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
}

static void other_districts_are_made_up(void **state)
{
	struct place *place = *state;
	struct simulate_options options = usual(place->a);
	struct simulate_summary summary;
	size_t n;
	char *config;

	options.district = "32.04";
	run(&options, &summary);
	config = read_file(place->a, "district.conf", &n);
	assert_non_null(strstr(config, "code = 32.04\n"));
	free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(same_options_same_bytes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(another_seed_other_people, make_place, remove_place),
		cmocka_unit_test_setup_teardown(truth_fits_the_files, make_place, remove_place),
		cmocka_unit_test_setup_teardown(no_damage_no_errors_but_exclusion, make_place, remove_place),
		cmocka_unit_test_setup_teardown(more_damage_more_errors, make_place, remove_place),
		cmocka_unit_test_setup_teardown(years_move_people, make_place, remove_place),
		cmocka_unit_test_setup_teardown(stopping_leaves_nothing, make_place, remove_place),
		cmocka_unit_test_setup_teardown(refuses_what_it_cannot_do, make_place, remove_place),
		cmocka_unit_test_setup_teardown(other_districts_are_made_up, make_place, remove_place),
	};

	return cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
}
