#!/usr/bin/env python3
"""How right a check of a simulated district was.

    score_district.py DIR CHECK_DIR [--json] [--calibration] [--show N]

DIR was written by `padan simulate --out DIR`, CHECK_DIR by `padan check … --out CHECK_DIR` on its files. Standard library
only.

persons       pairs of rows that are one person: rows of the target list, the programmes and the reference lists.
households    pairs of rows that are one household: target list and programmes.
              Pairs are counted by contingency, so size does not matter. Rows that truly name nobody are left out; a row
              that the check rejected though it names somebody stays in and stands alone ("rejected, wrongly").
flags         flags.csv against truth_flags.csv, by kind:
  EXCLUSION               by true household: a flag at any row of the household is right; a second one is wrong.
  INCLUSION, OVERLAP, BARRED, INELIGIBLE
                          by (list, row): two rules at one row count once.
  DUP_PERSON_IN_LIST      by (list, true person): n flags are due for a person with n+1 rows, at whichever of them.
  DUP_HOUSEHOLD_IN_LIST   by (list, true household), likewise.
  QUOTA                   by list.
              Kinds that have no truth (NIK_CONFLICT, DATA_QUALITY …) are counted, not judged.
in doubt      flags that were missed in flags.csv but stand in doubtful.csv, for a person to look at.

--calibration adds how many of the flags said to be so and so sure are right, over all judged kinds, in both files.
--show N prints up to N wrong pairs or flags of each sort by list and row (never a name or a number).
"""
import argparse
import csv
import json
import os
import sys
from collections import Counter, defaultdict

ROW_KINDS = ["INCLUSION", "OVERLAP", "BARRED", "INELIGIBLE"]
JUDGED = ["EXCLUSION", "INCLUSION", "OVERLAP", "DUP_PERSON_IN_LIST", "DUP_HOUSEHOLD_IN_LIST", "BARRED", "INELIGIBLE", "QUOTA"]


def read_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as f:
        return list(csv.DictReader(f))


def read_entries(path):
    """(list, row) → (person, household); '' where there is none."""
    entries = {}
    for r in read_csv(path):
        key = (r["list"], int(r["row"]))
        if key in entries:
            sys.exit(f"{path}: row {key[1]} of {key[0]} stands there twice")
        entries[key] = (r["person_id"], r["household_id"])
    return entries


def pairs(n):
    return n * (n - 1) // 2


def figures(true, found, right, extra=None):
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"true": true, "found": found, "right": right, "precision": precision, "recall": recall, "f1": f1, **(extra or {})}


def score_pairs(keys, truth, found, which):
    """Pairs of rows that share a true id, a found id, both. A row without a found id stands alone."""
    true_sizes, found_sizes, both = Counter(), Counter(), Counter()
    for k in keys:
        t = truth[k][which]
        f = found.get(k, ("", ""))[which] or ("alone", k)
        true_sizes[t] += 1
        found_sizes[f] += 1
        both[t, f] += 1
    count = lambda sizes: sum(pairs(n) for n in sizes.values())
    return figures(count(true_sizes), count(found_sizes), count(both))


def wrong_pairs(keys, truth, found, which, limit):
    """Up to limit false and limit missed pairs, one for each confused group."""
    by_found, by_true, false, missed = defaultdict(list), defaultdict(list), [], []
    for k in keys:
        f = found.get(k, ("", ""))[which] or ("alone", k)
        by_found[f].append(k)
        by_true[truth[k][which]].append((k, f))
    for group in by_found.values():
        other = next((k for k in group if truth[k][which] != truth[group[0]][which]), None)
        if other and len(false) < limit:
            false.append((group[0], other))
    for group in by_true.values():
        other = next((k for k, f in group if f != group[0][1]), None)
        if other and len(missed) < limit:
            missed.append((group[0][0], other))
    return false, missed


def flag_key(kind, flag, truth):
    """What two flags must share to be one and the same finding. None: it stands at a row that names nobody."""
    at = (flag["list"], int(flag["row"]))
    person, household = truth.get(at, ("", ""))
    if kind == "QUOTA":
        return flag["list"]
    if kind == "EXCLUSION":
        return household or None
    if kind == "DUP_PERSON_IN_LIST":
        return (flag["list"], person) if person else None
    if kind == "DUP_HOUSEHOLD_IN_LIST":
        return (flag["list"], household) if household else None
    return at


def count_flags(kind, flags, truth):
    """Findings with how often each was made; those at nobody count as wrong, each under a key of its own."""
    counts = Counter()
    for i, flag in enumerate(flags):
        key = flag_key(kind, flag, truth)
        counts[("nobody", i) if key is None else key] += 1
    if kind in ROW_KINDS:
        counts = Counter(dict.fromkeys(counts, 1))
    return counts


def score_flags(kind, true_flags, found_flags, doubtful, truth):
    true, found = count_flags(kind, true_flags, truth), count_flags(kind, found_flags, truth)
    doubt = count_flags(kind, doubtful, truth)
    right = sum(min(n, found[k]) for k, n in true.items())
    in_doubt = sum(min(n - found[k], doubt[k]) for k, n in true.items() if n > found[k])
    return figures(sum(true.values()), sum(found.values()), right, {"in_doubt": in_doubt})


def wrong_flags(kind, true_flags, found_flags, truth, limit):
    true, found = count_flags(kind, true_flags, truth), count_flags(kind, found_flags, truth)
    at = lambda flags, counts: [f"{f['list']}:{f['row']}" for f in flags if counts[flag_key(kind, f, truth)] == 0][:limit]
    return at(found_flags, true), at(true_flags, found)


def calibrate(true_flags, said_flags, truth):
    """Per tenth of certainty: flags, their mean certainty, the share that is right."""
    tenths = [[0, 0.0, 0] for _ in range(10)]
    for kind in JUDGED:
        true = count_flags(kind, true_flags[kind], truth)
        for f in said_flags[kind]:
            certainty = float(f["certainty"])
            tenth = tenths[min(int(certainty * 10), 9)]
            tenth[0] += 1
            tenth[1] += certainty
            tenth[2] += true[flag_key(kind, f, truth)] > 0
    return [{"from": i / 10, "flags": n, "certainty": total / n, "right": right / n}
            for i, (n, total, right) in enumerate(tenths) if n]


def by_kind(flags):
    groups = defaultdict(list)
    for f in flags:
        groups[f["kind"]].append(f)
    return groups


def score(district, checked, show, calibration=False):
    truth = read_entries(os.path.join(district, "truth_entries.csv"))
    found = read_entries(os.path.join(checked, "entries.csv"))
    doubtful_path = os.path.join(checked, "doubtful.csv")
    true_flags = by_kind(read_csv(os.path.join(district, "truth_flags.csv")))
    found_flags = by_kind(read_csv(os.path.join(checked, "flags.csv")))
    doubtful = by_kind(read_csv(doubtful_path) if os.path.exists(doubtful_path) else [])

    persons = [k for k, (p, h) in truth.items() if p]
    households = [k for k, (p, h) in truth.items() if h]
    result = {
        "rows": {
            "true": len(truth),
            "absent": sum(k not in found for k in truth),
            "unknown": sum(k not in truth for k in found),
            "rejected_rightly": sum(not p and k in found and not found[k][0] for k, (p, h) in truth.items()),
            "rejected_wrongly": sum(k in found and not found[k][0] for k in persons),
            "nobody_accepted": sum(not p and bool(found.get(k, ("", ""))[0]) for k, (p, h) in truth.items()),
        },
        "persons": score_pairs(persons, truth, found, 0),
        "households": score_pairs(households, truth, found, 1),
        "flags": {k: score_flags(k, true_flags[k], found_flags[k], doubtful[k], truth) for k in JUDGED},
        "not_judged": {k: len(v) for k, v in sorted(found_flags.items()) if k not in JUDGED and v},
    }
    if calibration:
        said = {k: found_flags[k] + doubtful[k] for k in JUDGED}
        result["calibration"] = calibrate(true_flags, said, truth)
    if show:
        text = lambda ps: [f"{a[0]}:{a[1]} {b[0]}:{b[1]}" for a, b in ps]
        result["wrong"] = {}
        for name, keys, which in (("persons", persons, 0), ("households", households, 1)):
            false, missed = wrong_pairs(keys, truth, found, which, show)
            result["wrong"][name] = {"false": text(false), "missed": text(missed)}
        for kind in JUDGED:
            false, missed = wrong_flags(kind, true_flags[kind], found_flags[kind], truth, show)
            result["wrong"][kind] = {"false": false, "missed": missed}
    return result


ENGLISH = {
    "rows": "{true} rows; {absent} absent from entries.csv, {unknown} not in the truth; rejected {rejected_rightly} rightly, "
            "{rejected_wrongly} wrongly; {nobody_accepted} that name nobody accepted",
    "columns": ("", "true", "found", "right", "precision", "recall", "F1", "in doubt"),
    "persons": "persons (pairs)", "households": "households (pairs)", "not judged": "not judged", "point": ".",
}
INDONESIAN = {
    "rows": "{true} baris; {absent} tidak ada di hasil, {unknown} tidak ada di jawaban; ditolak {rejected_rightly} dengan benar, "
            "{rejected_wrongly} keliru; {nobody_accepted} tanpa nama tetapi diterima",
    "columns": ("", "sebenarnya", "ditemukan", "benar", "ketepatan", "kelengkapan", "F1", "ragu"),
    "persons": "orang (pasangan)", "households": "keluarga (pasangan)", "not judged": "tidak dinilai", "point": ",",
    "EXCLUSION": "sasaran belum menerima", "INCLUSION": "bukan sasaran", "OVERLAP": "program bertumpang tindih",
    "DUP_PERSON_IN_LIST": "orang tercatat dua kali", "DUP_HOUSEHOLD_IN_LIST": "keluarga tercatat dua kali",
    "BARRED": "tercatat dalam daftar acuan", "INELIGIBLE": "desil terlalu tinggi", "QUOTA": "melebihi kuota",
    "COOLDOWN": "menerima lagi terlalu cepat", "DATA_QUALITY": "mutu data", "NIK_CONFLICT": "satu NIK, dua orang",
}


def print_table(result, words):
    def share(number):
        return f"{number:.4f}".replace(".", words["point"])

    def line(cells):
        print(f"{cells[0]:28}" + "".join(f"{cell:>12}" for cell in cells[1:]))

    print(words["rows"].format(**result["rows"]) + "\n")
    line(words["columns"])
    for name, f in [("persons", result["persons"]), ("households", result["households"])] + list(result["flags"].items()):
        line((words.get(name, name), f["true"], f["found"], f["right"], share(f["precision"]), share(f["recall"]), share(f["f1"]),
              f.get("in_doubt", "")))
    if result["not_judged"]:
        print(f"\n{words['not judged']}: " + ", ".join(f"{words.get(k, k)} {n}" for k, n in result["not_judged"].items()))
    if result.get("calibration"):
        print(f"\n{'certainty':>10}{'flags':>10}{'mean':>10}{'right':>10}")
        for c in result["calibration"]:
            print(f"{c['from']:>9.1f}+{c['flags']:>10}{c['certainty']:>10.3f}{c['right']:>10.3f}")
    for name, wrong in result.get("wrong", {}).items():
        for sort in ("false", "missed"):
            if wrong[sort]:
                print(f"\n{name}, {sort}:")
                print("\n".join("  " + w for w in wrong[sort]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("district")
    parser.add_argument("checked")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("id", "en"), default="en")
    parser.add_argument("--calibration", action="store_true")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    args = parser.parse_args()
    result = score(args.district, args.checked, args.show, args.calibration)
    if args.json:
        json.dump(result, sys.stdout, indent=1)
        print()
    else:
        print_table(result, INDONESIAN if args.lang == "id" else ENGLISH)


if __name__ == "__main__":
    main()
