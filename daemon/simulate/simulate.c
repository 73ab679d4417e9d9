/*
 * A made-up district. See simulate.h: people are settled, the target list is drawn, years pass, the offices choose
 * their recipients, and all is written down – the files as offices write them, the truth as nobody knows it.
 */
#include "daemon/simulate/simulate.h"

#include "daemon/simulate/sim_layouts.h"
#include "daemon/simulate/sim_people.h"
#include "daemon/simulate/sim_truth.h"
#include "daemon/simulate/sim_years.h"

#include <string.h>

enum { STEPS = 5 + SIM_LISTS };

struct simulation {
	const struct simulate_options *options;
	struct arena arena;
	struct sim_world world;
	struct sim_lists lists;
	struct sim_folder folder;
	simulate_progress *progress;
	void *arg;
	unsigned step;
	const char *id, *en;
	int32_t target_day, list_day;
};

static bool stopped(void *arg)
{
	struct simulation *s = arg;

	return s->progress && s->progress(s->arg, s->id, s->en, s->step, STEPS);
}

static int next_step(struct simulation *s, const char *id, const char *en, struct error *err)
{
	s->id = id;
	s->en = en;
	s->step++;
	return sim_world_check_stop(&s->world, err);
}

static int make_lists(struct simulation *s, struct error *err)
{
	const struct simulate_options *o = s->options;
	size_t villages = sim_people_villages(o->households);

	if (next_step(s, "penduduk", "people", err) < 0 ||
		sim_places_init(&s->world.places, o->district, villages, &s->arena, err) < 0 ||
		sim_names_init(&s->world.names, &s->arena, err) < 0 ||
		sim_people_settle(&s->world, o->households, err) < 0)
		return -1;
	if (next_step(s, "daftar sasaran", "target list", err) < 0 || sim_target_choose(&s->world, &s->lists, err) < 0)
		return -1;
	if (next_step(s, "tahun berlalu", "years pass", err) < 0 ||
		sim_years_pass(&s->world, o->years, s->list_day, err) < 0)
		return -1;
	if (next_step(s, "penerima program", "recipients", err) < 0 ||
		sim_recipients_choose(&s->world, &s->lists, err) < 0)
		return -1;
	sim_lists_sort(&s->lists);
	return 0;
}

static int write_all(struct simulation *s, struct error *err)
{
	struct sim_writing writing = {&s->world, &s->lists, &s->folder};

	for (int code = 0; code < SIM_LISTS; code++) {
		if (next_step(s, sim_list_plans[code].file, sim_list_plans[code].file, err) < 0 ||
			sim_layout_write(&writing, code, err) < 0)
			return -1;
	}
	if (next_step(s, "jawaban benar", "the truth", err) < 0 ||
		sim_config_write(&s->world, &s->lists, s->target_day, s->list_day, &s->folder, err) < 0 ||
		sim_truth_write(&s->world, &s->lists, &s->folder, err) < 0 || sim_world_check_stop(&s->world, err) < 0)
		return -1;
	return sim_folder_finish(&s->folder, err);
}

static void count(const struct simulation *s, struct simulate_summary *summary)
{
	*summary = (struct simulate_summary){.people = s->world.person_count, .households = s->world.household_count};
	for (int code = 0; code < SIM_LISTS; code++) {
		size_t rows = s->lists.list[code].count;

		if (code == SIM_TARGET)
			summary->target_rows += rows;
		else if (code <= SIM_LAST_PROGRAMME)
			summary->programme_rows += rows;
		else
			summary->reference_rows += rows;
	}
}

int simulate_district(const struct simulate_options *options, simulate_progress *progress, void *arg,
	struct simulate_summary *summary, struct error *err)
{
	struct simulation s = {.options = options, .progress = progress, .arg = arg};
	int status = -1;

	/* The offices' lists are those of July 2024; the target list is of January, years before. */
	s.target_day = sim_date_number((struct sim_date){2024 - options->years, 1, 15});
	s.list_day = sim_date_number((struct sim_date){2024, 7, 1});
	arena_init(&s.arena, 0);
	sim_world_init(&s.world, &s.arena, options->seed, s.target_day);
	s.world.stop = stopped;
	s.world.stop_arg = &s;
	sim_lists_init(&s.lists, options->seed, options->damage);
	if (sim_folder_open(&s.folder, options->out, err) == 0 && make_lists(&s, err) == 0 && write_all(&s, err) == 0) {
		count(&s, summary);
		status = 0;
	}
	sim_folder_release(&s.folder);
	sim_lists_release(&s.lists);
	sim_world_release(&s.world);
	arena_release(&s.arena);
	return status;
}
