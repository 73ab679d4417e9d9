"""A seeded history of a small simulated district, for test_oracle: lists and versions of lists, withdrawals, decisions, closed
periods, changed rules, restarts; and what must hold after each step. What the daemon ends with is compared by test_oracle.py
with padan check and with a daemon that never saw the detours."""
import base64
import csv
import json
import os
import random
import subprocess

from daemon_support import DaemonCase
from support import PADAN

SUBJECTS = ("pkh", "bpnt", "blt_dd", "pbi_jk", "pip", "rtlh")
REFERENCES = ("asn", "meninggal")
TEXTS = {"pkh": "pkh.csv", "blt_dd": "blt_dd.tsv", "pbi_jk": "pbi_jk.txt", "pip": "pip.csv", "rtlh": "rtlh.csv", "target": "target.csv",
    "asn": "asn.csv", "meninggal": "meninggal.csv", "bpnt": "bpnt.xlsx"}
# Rules that a district may add or change; each is a text put behind the simulated configuration.
RULES = (
    "[rule bltdd-cooldown]\nkind = cooldown\nprogrammes = blt_dd, pkh\nyears = 1\nlevel = household\nvalid_from = 2021-01-01\n",
    "[rule pip-must]\nkind = must_receive_one_of\nprogrammes = pkh, bpnt\nvalid_from = 2021-01-01\nseverity = low\n",
    "[rule pbi-person]\nkind = forbidden_overlap\nprogrammes = pbi_jk, pip\nlevel = person\nvalid_from = 2024-03-01\n",
    "[rule bpnt-quota]\nkind = quota\nprogrammes = bpnt\nentries = 9\nvalid_from = 2021-01-01\n",
    "[rule pkh-one]\nkind = one_per_household\nprogrammes = pkh\nvalid_from = 2021-01-01\nvalid_to = 2024-06-30\n",
    "[thresholds]\nfinding = 0.97\n",
)
OPEN = "('found', 'assigned', 'confirmed')"
# Lists by name: of one subject and period only the newest counts, so this tells current ones apart.
PLACE = "l.kind || '/' || l.subject || '@' || l.period"
STANDING = """
SELECT f.kind, f.severity, %s f.certainty::numeric(6, 3), """ + PLACE + """, f.row, """ + PLACE.replace("l.", "o.") + """, f.other_row, f.rule
FROM padan.flags f JOIN padan.lists l USING (district, list)
LEFT JOIN padan.lists o ON o.district = f.district AND o.list = f.other_list
WHERE f.status <> 'resolved' ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"""
ENTRIES = """
SELECT """ + PLACE + """, e.row, e.person, e.household FROM padan.entries e JOIN padan.lists l USING (district, list)
WHERE l.state = 'done' AND (%s) ORDER BY e.list, e.row"""


def partition(rows):
    """Rows of (place, row, person, household): each group named by its least member, so that ids don't matter."""
    found = []
    for column in (2, 3):
        least = {}
        for row in rows:
            if row[column]:
                least[row[column]] = min(least.get(row[column], row[:2]), row[:2])
        found.append({tuple(row[:2]): tuple(least[row[column]]) for row in rows if row[column]})
    return found


class OracleCase(DaemonCase):
    HOUSEHOLDS = 80

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worlds = []
        for seed, damage, years in ((5, 1, 0), (5, 2, 0), (5, 1, 1)):
            out = os.path.join(cls.folder, "world-%d" % len(cls.worlds))
            subprocess.run([PADAN, "simulate", "--out", out, "--households", str(cls.HOUSEHOLDS), "--seed", str(seed), "--damage", str(damage),
                "--years", str(years)], check=True, stdout=subprocess.DEVNULL)
            cls.worlds.append(out)
        with open(os.path.join(cls.worlds[0], "district.conf"), encoding="utf-8") as source:
            cls.base_config = source.read()

    # ---- the steps of a history ----

    def begin(self, seed):
        self.fresh()
        self.chance = random.Random(seed)
        self.files, self.rules, self.said, self.steps = {}, [], [], []
        self.seen_history, self.seen_alerts = [], set()
        self.apply()
        self.begin_life()

    def begin_life(self):
        """A daemon that has come as far as minding signals."""
        lives = self.logged().count("web server listens") if os.path.exists(self.log) else 0
        self.daemon = self.start(options=("--web", "127.0.0.1:0"))
        self.eventually(lambda: self.logged().count("web server listens") > lives, what="the web server listening")

    def apply(self):
        self.config = self.file("oracle.conf", self.base_config + "\n" + "\n".join(RULES[n] for n in self.rules))
        self.tell("apply", self.config)

    def tell(self, verb, *words, may_fail=False):
        """Runs padan and keeps what it said: no word of it may be personal."""
        done = self.padan(verb, *words)
        self.said.append(done.stdout + done.stderr)
        if done.returncode and not may_fail:
            raise AssertionError("padan %s %s: %s%s" % (verb, words, done.stdout, done.stderr))
        return done

    def version(self, subject):
        """A file of that list as an office might send it next: another world's, some rows gone, some twice."""
        name = TEXTS[subject]
        with open(os.path.join(self.chance.choice(self.worlds), name), "rb") as source:
            data = source.read()
        if not name.endswith(".xlsx"):
            lines = data.splitlines(keepends=True)
            head = 6 if subject == "target" else 4
            kept = [line for line in lines[head:] if self.chance.random() < 0.93]
            kept += self.chance.sample(kept, min(len(kept), self.chance.randrange(3)))
            data = b"".join(lines[:head] + kept)
        return self.file("%03d-%s" % (len(self.files), name), data)

    def send(self, kind, subject, period):
        decreed = ["--decree-date", self.chance.choice(("2024-01-01", "2024-05-01"))] if self.chance.random() < 0.5 else []
        path = self.version(subject if kind != "target" else "target")
        words = ["--target", "--decree", "SK %d" % len(self.files)] + decreed if kind == "target" else ["--" + kind, subject]
        done = self.tell("import", "--no-wait", "--json", *words, "--period", period, path, may_fail=True)
        if done.returncode == 0:
            self.files[json.loads(done.stdout)["list"]] = path
        else: # of a closed period
            self.assertEqual((done.returncode, "ditutup" in done.stderr), (3, True), done.stderr)

    def step_list(self):
        self.send("programme", self.chance.choice(SUBJECTS), "2024-%02d" % self.chance.randint(1, 8))

    def step_target(self):
        self.send("target", "", self.chance.choice(("2023", "2024", "2024-03")))

    def step_reference(self):
        self.send("reference", self.chance.choice(REFERENCES), self.chance.choice(("2023", "2024")))

    def some(self, query):
        found = self.sql(query)
        return self.chance.choice(found) if found else None

    def step_withdraw(self):
        one = self.some("SELECT list FROM padan.lists WHERE state = 'done' ORDER BY list")
        if one:
            self.tell("lists", "--withdraw", one[0], "--reason", "salah kirim")

    def step_erase(self):
        one = self.some("SELECT list FROM padan.lists WHERE state = 'done' ORDER BY list")
        if one:
            self.tell("lists", "--erase", one[0], "--reason", "masa simpan habis", "--yes")

    def step_flag(self):
        for _ in range(6):
            one = self.some("SELECT flag, status FROM padan.flags WHERE status <> 'resolved' AND kind <> 'DATA_QUALITY' ORDER BY flag")
            how = self.chance.choice((["--dismiss", "--reason", "sudah dicek"], ["--confirm"], ["--assign", "dinsos"], ["--reopen"]))
            if one:
                self.tell("decide", one[0], *how, may_fail=True)

    def step_pair(self):
        for _ in range(3):
            one = self.some("""SELECT concat(a_list, ':', a_row), concat(b_list, ':', b_row), m.verdict FROM padan.match_evidence m
                JOIN padan.lists a ON a.list = a_list JOIN padan.lists b ON b.list = b_list
                WHERE a.state = 'done' AND b.state = 'done' ORDER BY 3, abs(probability - 0.5), 1, 2 LIMIT 60""")
            if one:
                self.tell("decide", one[0], one[1], self.chance.choice(("--same", "--not-same")), "--reason", "dilihat di desa")

    def step_household_pair(self):
        one = self.some("""SELECT concat(a_list, ':', a_row), concat(b_list, ':', b_row) FROM padan.match_evidence m
            JOIN padan.lists a ON a.list = a_list JOIN padan.lists b ON b.list = b_list
            WHERE a.state = 'done' AND b.state = 'done' AND a.kind <> 'reference' AND b.kind <> 'reference' ORDER BY 1, 2""")
        if one:
            self.tell("decide", *one, "--level", "household", self.chance.choice(("--same", "--not-same")), "--reason", "KK diganti")

    def step_period(self):
        period = "2024-%02d" % self.chance.randint(1, 8)
        self.tell("lists", self.chance.choice(("--close-period", "--open-period")), period, "--reason", "uji", may_fail=True)

    def step_rules(self):
        one = self.chance.randrange(len(RULES))
        self.rules = [n for n in self.rules if n != one] if one in self.rules else sorted(self.rules + [one])
        self.apply()

    def step_restart(self):
        if self.chance.random() < 0.5:
            self.daemon.kill()
        else:
            self.assertEqual(self.daemon.stop(), 0)
        self.begin_life()

    STEPS = {"list": 12, "target": 2, "reference": 2, "withdraw": 3, "erase": 1, "flag": 3, "pair": 3, "household_pair": 1, "period": 2,
        "rules": 2, "restart": 3}

    def some_steps(self, at_once):
        return self.chance.choices(list(self.STEPS), weights=self.STEPS.values(), k=self.chance.randint(1, at_once))

    def step(self, names):
        """A step, or several that come while the first is still being worked on; then everything must hold."""
        for name in names:
            self.steps.append(name)
            getattr(self, "step_" + name)()
        self.until_quiet()
        self.check_step()

    # ---- what must hold after each ----

    def check_step(self):
        at = "after %s" % self.steps
        self.check_rows(at)
        self.check_flags(at)
        self.check_ids(at)
        self.check_history(at)
        self.check_counters(at)

    def check_rows(self, at):
        self.assertEqual(self.sql("""
            SELECT l.list, l.rows_read, l.rows_accepted, l.rows_rejected FROM padan.lists l WHERE l.state IN ('done', 'withdrawn') AND l.done_at IS NOT NULL AND (
                l.rows_read <> l.rows_accepted + l.rows_rejected
                OR l.rows_read <> (SELECT count(*) FROM padan.raw_rows r WHERE r.district = l.district AND r.list = l.list)
                OR l.rows_accepted <> (SELECT count(*) FROM padan.entries e WHERE e.district = l.district AND e.list = l.list)
                OR l.rows_rejected <> (SELECT count(*) FROM padan.raw_rows r WHERE r.district = l.district AND r.list = l.list
                    AND r.reject IS NOT NULL))"""), [], "rows in = accepted + rejected " + at)
        self.assertEqual(self.sql("SELECT job, kind, error_en FROM padan.jobs WHERE state = 'failed'"), [], at)

    def check_flags(self, at):
        self.assertEqual(self.sql("""
            SELECT f.flag, f.kind FROM padan.flags f LEFT JOIN padan.list_status l USING (district, list)
            LEFT JOIN padan.entries e USING (district, list, row)
            WHERE f.status <> 'resolved' AND (l.current IS NOT TRUE OR e.row IS NULL OR e.person <> f.person AND f.person IS NOT NULL)"""), [],
            "open flags stand at entries of current lists, of their person " + at)
        self.assertEqual(self.sql("""
            SELECT f.flag, f.kind FROM padan.flags f LEFT JOIN padan.entries e ON e.district = f.district AND e.list = f.other_list AND e.row = f.other_row
            LEFT JOIN padan.lists l ON l.district = f.district AND l.list = f.other_list
            WHERE f.status <> 'resolved' AND f.other_list IS NOT NULL AND (e.row IS NULL OR l.state <> 'done')"""), [],
            "counterparts are there " + at)
        self.assertEqual(self.sql("""
            SELECT kind, list, row, rule, other_list, other_row, count(*) FROM padan.flags WHERE status <> 'resolved'
            GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) > 1"""), [], "each flag once " + at)

    def check_ids(self, at):
        self.assertEqual(self.sql("""
            SELECT e.list, e.row, e.person, e.household FROM padan.entries e JOIN padan.lists l USING (district, list)
            LEFT JOIN padan.persons p USING (district, person) LEFT JOIN padan.households h ON h.district = e.district AND h.household = e.household
            WHERE l.state = 'done' AND (p.person IS NULL OR p.became IS NOT NULL OR (h.household IS NULL OR h.became IS NOT NULL) AND e.household IS NOT NULL
                OR (e.household IS NULL) <> (l.kind = 'reference'))"""), [], "ids are known and alive " + at)

    def check_history(self, at):
        """History is only ever added to, and ends with what the flag is."""
        rows = self.sql("SELECT change, flag, from_status, to_status, from_state, to_state, list, reason FROM padan.flag_history ORDER BY change")
        self.assertEqual(rows[:len(self.seen_history)], self.seen_history, "history was overwritten " + at)
        self.seen_history = rows
        last, first = {}, {}
        for _, flag, before, after, *_ in rows:
            self.assertEqual(before, last.get(flag, ""), "history has a gap at flag %s %s" % (flag, at))
            last[flag] = after
        self.assertEqual(last, dict(self.sql("SELECT flag, status FROM padan.flags")), "history and flags differ " + at)
        alerts = {tuple(row) for row in self.sql("SELECT key FROM padan.alerts")}
        self.assertLessEqual(self.seen_alerts, alerts, at)
        self.seen_alerts = alerts

    def counted(self):
        return self.value("SELECT m.stamp = padan.web_stamp(1505) FROM padan.web_made m WHERE m.district = 1505") == "t"

    def check_counters(self, at):
        status = json.loads(self.tell("status", "--json").stdout)
        (total,) = status["districts"]
        for state in ("finding", "to_check", "provisional"):
            self.assertEqual(str(total[state]), self.value("SELECT count(*) FROM padan.flags WHERE status IN %s AND state = '%s'" % (OPEN, state)), at)
        for what, level in (("persons", "person"), ("households", "household")):
            self.assertEqual(str(total[what]), self.value(
                "SELECT count(DISTINCT e.%s) FROM padan.entries e JOIN padan.lists l USING (district, list) WHERE l.state = 'done'" % level), what + " " + at)
        cells = "list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period"
        self.assertEqual(self.sql("SELECT %s, sum(n) FROM padan.web_flag_counts GROUP BY %s HAVING sum(n) <> 0 ORDER BY %s" % (cells, cells, cells)),
            self.sql("SELECT %s, count(*) FROM padan.flags GROUP BY %s ORDER BY %s" % (cells, cells, cells)), "flags by cell " + at)

    def check_reach(self):
        """What pages count, kept up from job to job, is what it would be if made from everything."""
        if self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'") == "0":
            return
        self.eventually(self.counted, 60, "the counts being made")
        tables = ["SELECT household, village, desil, target, programmes FROM padan.web_reach ORDER BY 1",
            "SELECT person, village, desil, target, programmes FROM padan.web_reach_persons ORDER BY 1",
            "SELECT level, village, desil, target, programmes, n FROM padan.web_reach_counts WHERE n <> 0 ORDER BY 1, 2, 3, 4, 5",
            "SELECT kind, a_list, a_row, b_list, b_row, flags FROM padan.web_pairs ORDER BY 1, 2, 3, 4, 5"]
        kept = [self.sql(query) for query in tables]
        self.sql("BEGIN; SELECT padan.web_refresh_reach(1505, true); SELECT padan.web_refresh_pairs(1505); COMMIT")
        for query, one in zip(tables, kept):
            self.assertEqual(one, self.sql(query), "after %s" % self.steps)

    def decide_anew(self):
        """Deciding everything anew changes nothing: neither ids nor flags, nor is anything written."""
        before = self.whole(), self.sql("SELECT count(*) FROM padan.flag_history"), self.sql("SELECT count(*) FROM padan.identity_history")
        self.sql("SELECT padan.enqueue_job(1505, 'redecide', NULL)")
        self.until_quiet()
        self.same((self.whole(), self.sql("SELECT count(*) FROM padan.flag_history"), self.sql("SELECT count(*) FROM padan.identity_history")), before)

    def whole(self):
        return self.sql(STANDING % "f.state, f.status,"), self.sql(ENTRIES % "true")

    def same(self, a, b, what="", path=""):
        """assertEqual that prints what differs and not all of it."""
        if isinstance(a, tuple):
            for n, (x, y) in enumerate(zip(a, b)):
                self.same(x, y, what, path + "/%d" % n)
            return
        if a != b:
            xs, ys = ({tuple(map(str, r)) for r in side} if isinstance(side, list) else set(side.items()) for side in (a, b))
            self.fail("%s%s after %s:\nonly first (%d): %s\nonly second (%d): %s" % (what, path, self.steps, len(xs - ys), sorted(map(str, xs - ys))[:12],
                len(ys - xs), sorted(map(str, ys - xs))[:12]))

    def check_silence(self):
        """Nothing that was logged, said to the administrator, put into an alert or counted names anybody."""
        text = self.logged() + "".join(self.said) + "".join("".join(row) for row in self.sql(
            "SELECT concat(a.key, a.payload, a.recipient) FROM padan.alerts a UNION ALL SELECT concat(j.error_id, j.error_en) FROM padan.jobs j"
            " UNION ALL SELECT concat(l.refused_id, l.refused_en, l.mapping) FROM padan.lists l UNION ALL SELECT d.counters::text FROM padan.daemons d"))
        personal = self.sql("""SELECT DISTINCT w FROM padan.entries e, LATERAL (VALUES (e.nik::text), (e.kk::text), (e.name), (e.name_shown)) v (w)
            WHERE length(w) = 16 AND w ~ '^[0-9]+$' OR w ~ '..... ....' AND w !~ '[0-9]'""")
        self.assertGreater(len(personal), 100)
        self.assertEqual([word for word, in personal if word in text], [])

    # ---- the oracles ----

    def model(self):
        """Nothing where none was learnt: both then have the shipped one, as check learns from 2000 entries on."""
        stored = self.value("SELECT replace(encode(convert_to(contents, 'UTF8'), 'base64'), E'\\n', '') FROM padan.models WHERE in_use")
        return ["--model", self.file("stored.model", base64.b64decode(stored))] if stored else []

    def check_says(self):
        """padan check over the files that count, with the daemon's model: flags and the two partitions."""
        lists = self.sql("SELECT kind, subject, period, list, left(coalesce(decree_date, period_from)::text, 7) FROM padan.lists WHERE state = 'done' ORDER BY list")
        out = os.path.join(self.folder, "check-%d" % len(os.listdir(self.folder)))
        words, places = [], {}
        for kind, subject, period, number, day in lists:
            path, place = self.files[int(number)], "%s/%s@%s" % (kind, subject, period)
            if kind == "target":
                words += ["--target", path, "--target-period", day]
                places["target"] = place
            else:
                words += ["--list" if kind == "programme" else "--reference", "%s@%s=%s" % (subject, period, path)]
                name = subject if kind == "programme" else "ref:" + subject
                places["%s@%s" % (name, period)] = places[name] = place
                # The newest bears the bare name: lists come in the order of their numbers, so the newest is settled below.
        for kind, subject in {(k, s) for k, s, *_ in lists if k == "programme"}:
            places[subject] = "%s/%s@%s" % (kind, subject, max((p for k, s, p, *_ in lists if (k, s) == (kind, subject))))
        done = subprocess.run([PADAN, "check", "--config", self.config, "--out", out] + self.model() + words, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        flags = []
        for name in ("flags.csv", "doubtful.csv"):
            with open(os.path.join(out, name), newline="", encoding="utf-8") as source:
                flags += [[r["kind"], r["severity"], "%.3f" % float(r["certainty"]), places[r["list"]], r["row"], places.get(r["other_list"], ""),
                    r["other_row"], r["rule"]] for r in csv.DictReader(source)]
        with open(os.path.join(out, "entries.csv"), newline="", encoding="utf-8") as source:
            entries = [[places[r["list"]], r["row"], r["person_id"], r["household_id"]] for r in csv.DictReader(source) if r["person_id"]]
        return sorted(flags), entries
