/*
 * Whole explanations: what was found, by kind, and the order of sentences. See explain.h; the pieces are in
 * explain_words.c, the comparison of two rows in explain_compare.c.
 */
#include "matcher/flag/explain.h"
#include "matcher/flag/explain_words.h"

#include <stdio.h>

/* Pieces that sentences are made of, written once. */
struct pieces {
	const struct explain_case *explained;
	bool english;
	struct strbuf who, where, place, other, other_where;
};

static void pieces_init(struct pieces *p, const struct explain_case *explained, const struct explain_style *style)
{
	struct strbuf *all[] = {&p->who, &p->where, &p->place, &p->other, &p->other_where};

	*p = (struct pieces){.explained = explained, .english = style->english};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		strbuf_init(all[i], EXPLAIN_TEXT_MAX);
	explain_who(&explained->at, style, &p->who);
	explain_where(&explained->at, style->english, &p->where);
	explain_place(&explained->at, style->english, &p->place);
	if (!explained->has_other)
		return;
	explain_who(&explained->other, style, &p->other);
	explain_where(&explained->other, style->english, &p->other_where);
}

static void pieces_release(struct pieces *p, struct strbuf *out)
{
	struct strbuf *all[] = {&p->who, &p->where, &p->place, &p->other, &p->other_where};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		out->no_memory |= all[i]->no_memory;
		strbuf_release(all[i]);
	}
}

static const struct rule *rule_of(const struct explain_case *explained)
{
	int rule = explained->flag->rule;

	return rule >= 0 && (size_t)rule < explained->rules->n_rules ? &explained->rules->rules[rule] : NULL;
}

/* The verdict is the other way round, and this flag tells the doubt about it. */
static bool is_doubt(const struct explain_case *explained)
{
	return explained->flag->certainty < 0.5;
}

/* A doubt is not told as a fact. */
static const char *perhaps(const struct pieces *p)
{
	return !is_doubt(p->explained) ? "" : p->english ? "perhaps " : "mungkin ";
}

/* Left out of everything, or of what a rule names. */
static void put_exclusion(const struct pieces *p, struct strbuf *out)
{
	if (is_doubt(p->explained) && p->explained->has_other) {
		strbuf_addf(out,
			p->english ? "The family of %s%s on %s counts as reached by %s in %s, but that link is doubtful. "
				   : "Keluarga %s%s di %s dianggap sudah menerima lewat %s di %s, tetapi kaitan itu diragukan. ",
			p->who.p, p->place.p, p->where.p, p->other.p, p->other_where.p);
		return;
	}
	strbuf_addf(out,
		p->english ? "The family of %s%s stands on %s, but none of its members stands in any programme's current list. "
			   : "Keluarga %s%s ada di %s, tetapi tidak satu pun anggotanya tercatat menerima program apa pun. ",
		p->who.p, p->place.p, p->where.p);
	if (p->explained->has_other)
		strbuf_addf(out,
			p->english ? "It may be the family of %s in %s; if so, it is not left out. "
				   : "Bisa jadi keluarga ini sama dengan keluarga %s di %s; kalau benar, berarti tidak terlewat. ",
			p->other.p, p->other_where.p);
}

static void put_must_receive(const struct pieces *p, struct strbuf *out)
{
	const struct rule *rule = rule_of(p->explained);

	strbuf_addf(out,
		p->english ? "The family of %s%s stands on %s, but does not receive " : "Keluarga %s%s ada di %s, tetapi belum menerima ",
		p->who.p, p->place.p, p->where.p);
	if (rule && rule->n_programmes > 1)
		strbuf_add(out, str_from(p->english ? "any of " : "satu pun dari "));
	for (size_t i = 0; rule && i < rule->n_programmes; i++) {
		const struct programme *programme = &p->explained->rules->programmes[rule->programmes[i]];

		strbuf_add(out, str_from(i == 0 ? "" : i + 1 < rule->n_programmes ? ", " : p->english ? " and " : " dan "));
		strbuf_add_foreign(out, programme->name.n ? programme->name : programme->code, 80);
	}
	strbuf_add(out, STR_LITERAL(". "));
	if (p->explained->has_other)
		strbuf_addf(out,
			p->english ? "A doubtful link leads to %s in %s. " : "Ada kaitan yang diragukan dengan %s di %s. ", p->other.p,
			p->other_where.p);
}

static void put_inclusion(const struct pieces *p, struct strbuf *out)
{
	if (is_doubt(p->explained) && p->explained->has_other) {
		strbuf_addf(out,
			p->english ? "%s%s stands in %s and counts as a target by %s on %s, but that link is doubtful. "
				   : "%s%s tercatat di %s dan dianggap termasuk sasaran lewat %s di %s, tetapi kaitan itu diragukan. ",
			p->who.p, p->place.p, p->where.p, p->other.p, p->other_where.p);
		return;
	}
	strbuf_addf(out,
		p->english ? "%s%s stands in %s, but the family is not on the target list. "
			   : "%s%s tercatat di %s, tetapi keluarganya tidak ada di daftar sasaran. ",
		p->who.p, p->place.p, p->where.p);
	if (p->explained->has_other)
		strbuf_addf(out,
			p->english ? "It may be the family of %s on %s; if so, nothing is wrong. "
				   : "Bisa jadi keluarganya sama dengan keluarga %s di %s; kalau benar, tidak ada masalah. ",
			p->other.p, p->other_where.p);
}

static void put_overlap(const struct pieces *p, struct strbuf *out)
{
	if (p->explained->same_person)
		strbuf_addf(out, p->english ? "%s%s stands in %s and also in %s" : "%s%s tercatat di %s dan juga di %s", p->who.p,
			p->place.p, p->where.p, p->other_where.p);
	else
		strbuf_addf(out,
			p->english ? "%s%s stands in %s, and %sa member of the same family, %s, in %s"
				   : "%s%s tercatat di %s, sedangkan %sanggota keluarganya, %s, tercatat di %s",
			p->who.p, p->place.p, p->where.p, perhaps(p), p->other.p, p->other_where.p);
	strbuf_add(out, str_from(p->english ? "; these programmes may not be received together. "
					    : "; kedua program ini tidak boleh diterima bersamaan. "));
}

static void put_dup_person(const struct pieces *p, struct strbuf *out)
{
	strbuf_addf(out,
		p->english ? "%s%s stands in %s, and the same person seems to stand there before, as %s, in row %u. "
			   : "%s%s tercatat di %s, padahal orang yang sama rupanya sudah ada di daftar itu sebagai %s, baris %u. ",
		p->who.p, p->place.p, p->where.p, p->other.p, p->explained->other.row);
}

static void put_dup_household(const struct pieces *p, struct strbuf *out)
{
	strbuf_addf(out,
		p->english ? "%s%s stands in %s, though another member of the family, %s, stands there already, in row %u. "
			   : "%s%s tercatat di %s, padahal anggota lain keluarganya, %s, sudah ada di daftar itu, baris %u. ",
		p->who.p, p->place.p, p->where.p, p->other.p, p->explained->other.row);
}

static void put_nik_conflict(const struct pieces *p, struct strbuf *out)
{
	strbuf_addf(out,
		p->english ? "One NIK is used by two people: %s in %s, and %s in %s. "
			   : "Satu NIK dipakai dua orang: %s di %s, dan %s di %s. ",
		p->who.p, p->where.p, p->other.p, p->other_where.p);
}

static void put_ineligible(const struct pieces *p, struct strbuf *out)
{
	const struct rule *rule = rule_of(p->explained);
	const struct entry *told = p->explained->has_other ? p->explained->other.entry : p->explained->at.entry;

	strbuf_addf(out, p->english ? "%s%s stands in %s" : "%s%s tercatat di %s", p->who.p, p->place.p, p->where.p);
	if (told && told->desil)
		strbuf_addf(out, p->english ? " with desil %u" : " dengan desil %u", told->desil);
	if (p->explained->has_other)
		strbuf_addf(out, p->english ? " by %s" : " menurut %s", p->other_where.p);
	if (rule)
		strbuf_addf(out, p->english ? ", where %u is the highest allowed" : ", padahal paling tinggi desil %u", rule->desil);
	strbuf_add(out, STR_LITERAL(". "));
}

static void put_cooldown(const struct pieces *p, struct strbuf *out)
{
	const struct rule *rule = rule_of(p->explained);

	strbuf_addf(out,
		p->english ? "%s%s stands in %s, though %s received it already, in %s"
			   : "%s%s tercatat di %s, padahal %s sudah menerimanya di %s",
		p->who.p, p->place.p, p->where.p,
		p->explained->same_person ? (p->english ? "the same person" : "orang yang sama")
					  : (p->english ? "the family" : "keluarganya"),
		p->other_where.p);
	if (!p->explained->same_person)
		strbuf_addf(out, p->english ? " as %s" : " atas nama %s", p->other.p);
	if (rule)
		strbuf_addf(out, p->english ? "; %u years must pass first" : "; baru boleh lagi setelah %u tahun", rule->years);
	strbuf_add(out, STR_LITERAL(". "));
}

static void put_quota(const struct pieces *p, struct strbuf *out)
{
	const struct rule *rule = rule_of(p->explained);

	strbuf_addf(out, p->english ? "%s is the first over the quota of %u in %s" : "%s adalah yang pertama melewati kuota %u di %s",
		p->who.p, rule ? rule->entries : 0, p->where.p);
	if (p->explained->list_entries)
		strbuf_addf(out, p->english ? ", which holds %u entries" : ", yang memuat %u penerima", p->explained->list_entries);
	strbuf_add(out, STR_LITERAL(". "));
}

static void put_barred(const struct pieces *p, struct strbuf *out)
{
	if (p->explained->same_person)
		strbuf_addf(out,
			p->english ? "%s%s stands in %s, but %salso in %s, as %s. " : "%s%s tercatat di %s, padahal %sjuga ada di %s sebagai %s. ",
			p->who.p, p->place.p, p->where.p, perhaps(p), p->other_where.p, p->other.p);
	else
		strbuf_addf(out,
			p->english ? "%s%s stands in %s, but %sa member of the family, %s, stands in %s. "
				   : "%s%s tercatat di %s, padahal %sanggota keluarganya, %s, ada di %s. ",
			p->who.p, p->place.p, p->where.p, perhaps(p), p->other.p, p->other_where.p);
}

static void put_data_quality(const struct pieces *p, struct strbuf *out)
{
	const struct entry *entry = p->explained->at.entry;
	size_t told = 0;

	strbuf_addf(out, p->english ? "The row of %s in %s needs mending" : "Data %s di %s perlu dibetulkan", p->who.p, p->where.p);
	for (size_t i = 0; entry && i < entry->n_notes && i < ENTRY_NOTES_MAX; i++) {
		enum note_kind note = (enum note_kind)entry->notes[i].kind;

		if (!entry_note_is_quality(note))
			continue;
		strbuf_add(out, str_from(told++ ? "; " : ": "));
		strbuf_add(out, str_from(entry_note_text(note, p->english)));
	}
	strbuf_add(out, STR_LITERAL(". "));
}

static void put_found(const struct pieces *p, struct strbuf *out)
{
	switch (p->explained->flag->kind) {
	case FLAG_EXCLUSION:
		put_exclusion(p, out);
		return;
	case FLAG_MUST_RECEIVE:
		put_must_receive(p, out);
		return;
	case FLAG_INCLUSION:
		put_inclusion(p, out);
		return;
	case FLAG_OVERLAP:
		put_overlap(p, out);
		return;
	case FLAG_DUP_PERSON_IN_LIST:
		put_dup_person(p, out);
		return;
	case FLAG_DUP_HOUSEHOLD_IN_LIST:
		put_dup_household(p, out);
		return;
	case FLAG_NIK_CONFLICT:
		put_nik_conflict(p, out);
		return;
	case FLAG_INELIGIBLE:
		put_ineligible(p, out);
		return;
	case FLAG_COOLDOWN:
		put_cooldown(p, out);
		return;
	case FLAG_QUOTA:
		put_quota(p, out);
		return;
	case FLAG_BARRED:
		put_barred(p, out);
		return;
	case FLAG_DATA_QUALITY:
		put_data_quality(p, out);
		return;
	case FLAG_KINDS:
		return;
	}
}

int explain_flag(const struct explain_case *explained, const struct explain_style *style, struct strbuf *out,
	struct error *err)
{
	struct pieces pieces;
	size_t start = out->n;

	pieces_init(&pieces, explained, style);
	put_found(&pieces, out);
	if (out->n > start && out->p[start] >= 'a' && out->p[start] <= 'z' && !explained->at.entry)
		out->p[start] = (char)(out->p[start] - 'a' + 'A'); /* not a name, which stays as it was written */
	/* A household's desil is no link between two rows: there is nothing to compare. */
	if (explained->flag->kind != FLAG_INELIGIBLE)
		explain_parts(explained, style->english, out);
	if (explained->by_family)
		strbuf_add(out, str_from(style->english
			? "By these data alone it would not be certain that they are one person, but both stand in one family, and no other "
			  "member of it fits better. "
			: "Dari data itu saja belum pasti keduanya orang yang sama, tetapi keduanya tercatat dalam satu keluarga dan tidak "
			  "ada anggota lain yang lebih cocok. "));
	explain_how_sure(explained, style->english, out);
	if (!style->one_line) {
		explain_rule(explained, style->english, out);
		strbuf_add(out, str_from(explain_next(explained->flag->kind, style->english)));
	} else if (out->n && out->room && out->p[out->n - 1] == ' ') {
		out->p[--out->n] = '\0';
	}
	pieces_release(&pieces, out);
	return strbuf_failed(out, err);
}
