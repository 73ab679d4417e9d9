"""What the tests of padand share: starting and ending it, an inbox, made-up lists, and what must hold whatever happened."""
import os
import random
import signal
import subprocess
import time

from support import BIN, CONFIG, PADAND, Case, psql

FIRST = "SITI AGUS DEWI BUDI RINA JOKO NUR EKO WATI HADI".split()
SECOND = "LESTARI SANTOSO WAHYUNI PRATAMA HANDAYANI SAPUTRA KURNIAWAN UTAMI".split()
THIRD = "ANGGRAINI MARPAUNG SIREGAR HALIM GUNAWAN SETIAWAN NASUTION RAMBE TANJUNG LUBIS HARAHAP".split()


def family(number):
    """The household with that number: always the same four people. Rows as (nik, kk, name, birth, relation)."""
    chance = random.Random(number)
    kk = "150501%02d%02d%02d%04d" % (chance.randint(1, 28), chance.randint(1, 12), chance.randint(8, 20), number % 9999 + 1)
    people = []
    for member in range(4):
        female = member % 2
        year = chance.randint(1960, 1985) if member < 2 else chance.randint(2000, 2015)
        day, month = chance.randint(1, 28), chance.randint(1, 12)
        nik = "150501%02d%02d%02d%04d" % (day + 40 * female, month, year % 100, (number * 7 + member) % 9999 + 1)
        name = " ".join(chance.choice(words) for words in (FIRST, SECOND, THIRD))
        people.append((nik, kk, name, "%02d/%02d/%d" % (day, month, year), member + 1))
    return people


def list_of(numbers, member=0, extra=()):
    """A list with one member of each household, as CSV text; extra rows are put behind as they are."""
    lines = ["NIK;No KK;Nama;Tanggal Lahir;Desa"]
    for number in numbers:
        nik, kk, name, birth, _ = family(number)[member]
        lines.append(";".join((nik, kk, name, birth, "TEMPINO")))
    return "\n".join(lines + list(extra)) + "\n"


def target_of(numbers):
    """A target list: everybody of each household."""
    lines = ["NIK;No KK;Nama;Tanggal Lahir;Desa;Hubungan Keluarga"]
    for number in numbers:
        for nik, kk, name, birth, relation in family(number):
            lines.append(";".join((nik, kk, name, birth, "TEMPINO", str(relation))))
    return "\n".join(lines) + "\n"


# Three lists with something of every kind: left out, not on the target list, twice, overlapping, rejected.
LISTS = {
    "bappeda/sasaran 2024.csv": target_of(range(0, 60)),
    "dinsos/pkh_2024-07.csv": list_of(list(range(10, 60)) + [70, 71, 12], extra=[";;;;", ";;-;01/01/1980;TEMPINO"]),
    "dpmd/blt_dd_2024-07.csv": list_of(list(range(0, 15)) + [80, 3], member=1),
}

# What was settled on the way depends on which list came first; what stands does not.
FLAGS = """
SELECT f.kind, f.state, f.status, l.subject, f.row, o.subject, f.other_row, coalesce(f.rule, ''), round(f.certainty::numeric, 3)
FROM padan.flags f JOIN padan.lists l USING (district, list)
LEFT JOIN padan.lists o ON o.district = f.district AND o.list = f.other_list
WHERE f.status <> 'resolved'
ORDER BY 1, 4, 5, 6, 7, 8, 9
"""
# Who is one person and one household, told by the first row of each.
PARTITION = """
SELECT l.subject, e.row, first_value(l.subject || e.row) OVER (PARTITION BY person ORDER BY l.subject, e.row),
    first_value(l.subject || e.row) OVER (PARTITION BY household ORDER BY l.subject, e.row)
FROM padan.entries e JOIN padan.lists l USING (district, list)
WHERE l.state = 'done' ORDER BY 1, 2
"""


class Daemon:
    """A running padand."""

    def __init__(self, database, inbox=None, failpoint=None, options=(), environment=None, log=None):
        command = [PADAND, "--db", "dbname=" + database, "--lease", "4"] + (["--inbox", inbox] if inbox else []) + list(options)
        environment = dict(os.environ, **(environment or {}))
        if failpoint:
            environment["PADAN_FAILPOINT"] = str(failpoint)
        self.log = open(log, "ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def signal(self, number):
        self.process.send_signal(number)

    def ended(self):
        return self.process.poll() is not None

    def kill(self):
        if not self.ended():
            self.signal(signal.SIGKILL)
        return self.close()

    def stop(self, seconds=30):
        """SIGTERM, which must end it with 0."""
        self.signal(signal.SIGTERM)
        status = self.process.wait(seconds)
        self.close()
        return status

    def close(self):
        status = self.process.wait()
        if self.log is not subprocess.DEVNULL:
            self.log.close()
        return status


class DaemonCase(Case):
    """Each test on a database and an inbox of its own."""

    PREPARED = False
    CONFIG = CONFIG

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run(["createdb", cls.database + "_template"], check=True)
        keep, cls.database = cls.database, cls.database + "_template"
        cls.must("migrate")
        cls.must("apply", cls.file("district.conf", cls.CONFIG))
        cls.database, cls.template = keep, cls.database

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["dropdb", "--force", cls.template], check=True)
        super().tearDownClass()

    def setUp(self):
        self.fresh()
        self.daemons = []
        self.addCleanup(self.kill_all)

    def kill_all(self):
        for daemon in self.daemons:
            daemon.kill()

    def fresh(self):
        """An empty database with the configuration applied, and an empty inbox."""
        subprocess.run(["dropdb", "--force", "--if-exists", self.database], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["createdb", "-T", self.template, self.database], check=True)
        self.inbox = os.path.join(self.folder, "inbox-%d" % time.monotonic_ns())
        os.mkdir(self.inbox)
        self.log = self.inbox + ".log"

    def start(self, **more):
        daemon = Daemon(self.database, self.inbox, log=self.log, **more)
        self.daemons.append(daemon)
        return daemon

    def put(self, path, text):
        """A file in the inbox, as an uploader leaves it: written beside, then renamed."""
        full = os.path.join(self.inbox, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full + ".part", "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        os.rename(full + ".part", full)
        return full

    def put_all(self):
        for path, text in LISTS.items():
            self.put(path, text)

    def waiting(self):
        """Files that still wait in the inbox."""
        found = []
        for folder, folders, files in os.walk(self.inbox):
            folders[:] = [f for f in folders if f not in ("done", "refused")]
            found += [os.path.relpath(os.path.join(folder, f), self.inbox) for f in files]
        return found

    def logged(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read()

    def note(self, path):
        with open(os.path.join(self.inbox, path + ".catatan.txt"), encoding="utf-8") as note:
            return note.read()

    def is_quiet(self):
        if self.waiting():
            return False
        try:
            return self.value("SELECT count(*) FROM padan.jobs WHERE state IN ('ready', 'running')") == "0"
        except Exception:
            return False  # the server is away at this moment

    def until_quiet(self, seconds=60):
        try:
            self.eventually(self.is_quiet, seconds, "everything being done")
        except AssertionError as late:
            raise AssertionError("%s\nwaiting: %s\njobs: %s\n%s" % (late, self.waiting(),
                self.sql("SELECT * FROM padan.jobs"), self.logged()[-6000:])) from None

    def outcome(self):
        """What is in the database, without the numbers that depend on what happened on the way."""
        return self.sql(FLAGS), self.sql(PARTITION)

    def check_invariants(self, lists=len(LISTS)):
        self.assertEqual(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'"), str(lists))
        self.assertEqual(self.sql("""
            SELECT l.list, l.rows_read, l.rows_accepted, l.rows_rejected FROM padan.lists l WHERE l.state = 'done' AND (
                l.rows_read <> l.rows_accepted + l.rows_rejected
                OR l.rows_read <> (SELECT count(*) FROM padan.raw_rows r WHERE r.district = l.district AND r.list = l.list)
                OR l.rows_accepted <> (SELECT count(*) FROM padan.entries e WHERE e.district = l.district AND e.list = l.list)
                OR l.rows_rejected <> (SELECT count(*) FROM padan.raw_rows r WHERE r.district = l.district AND r.list = l.list
                    AND r.reject IS NOT NULL))"""), [], "rows in = accepted + rejected")
        self.assertEqual(self.sql("""
            SELECT f.flag FROM padan.flags f LEFT JOIN padan.entries e USING (district, list, row)
            WHERE f.status <> 'resolved' AND e.row IS NULL"""), [], "every open flag stands at an entry")
        self.assertEqual(self.value("SELECT count(*) - count(DISTINCT key) FROM padan.alerts"), "0")
        self.assertEqual(self.sql("""
            SELECT flag, count(*) FROM padan.flag_history WHERE from_status IS NULL GROUP BY flag HAVING count(*) <> 1"""), [],
            "every flag was found once")
        self.assertEqual(self.sql("""
            SELECT e.person FROM padan.entries e LEFT JOIN padan.persons p USING (district, person)
            WHERE p.person IS NULL OR p.became IS NOT NULL"""), [], "every person is known")
        self.assertEqual(self.sql("""
            SELECT d.district FROM padan.districts d WHERE d.next_person <= coalesce((SELECT max(person) FROM padan.entries), 0)"""), [])

    @staticmethod
    def failpoints():
        """The numbers and names that this build knows."""
        lines = subprocess.run([PADAND, "--failpoints"], text=True, capture_output=True, check=True).stdout.split("\n")
        return [(int(line.split()[0]), line.split()[1]) for line in lines if line]


def crash_server():
    """A power cut for PostgreSQL; it is back when this returns."""
    cluster = os.environ["PADAN_CLUSTER"]
    script = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support", "pg_cluster.sh")
    subprocess.run(["sh", script, "crash", cluster], check=True, capture_output=True)
    subprocess.run(["sh", script, "start", cluster, "--no-fsync"], check=True, capture_output=True)
