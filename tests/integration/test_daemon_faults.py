"""What happens to a machine rather than to a program: disks that are full, clocks that are wrong, a database restored from a dump that
was taken in the middle of a batch. The disks need root (small tmpfs); without it those tests are skipped."""
import os
import subprocess
import time
import unittest

from daemon_support import LISTS, DaemonCase, list_of
from support import ROOT, psql

# A day's offset for every clock of a process but the monotonic one.
SKEW = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <sys/time.h>
static time_t skew(void) { const char *text = getenv("TEST_SKEW"); return text ? atol(text) : 0; }
int clock_gettime(clockid_t clock, struct timespec *at)
{
	static int (*real)(clockid_t, struct timespec *);
	if (!real)
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int status = real(clock, at);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		at->tv_sec += skew();
	return status;
}
time_t time(time_t *at)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (at)
		*at = now.tv_sec;
	return now.tv_sec;
}
int gettimeofday(struct timeval *at, void *zone)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	at->tv_sec = now.tv_sec;
	at->tv_usec = now.tv_nsec / 1000;
	return 0;
}
"""
ALERTS = "\n[alerts]\nwebhook = http://127.0.0.1:9/none\ndigest_hour = 0\n"
DAY = "SELECT to_char(clock_timestamp() AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD')"


class Machine(DaemonCase):
    def undisturbed(self):
        """What a run gives that nothing happens to."""
        self.start()
        self.put_all()
        self.until_quiet()
        expected = self.outcome()
        self.kill_all()
        self.fresh()
        return expected

    # ---- disks ----

    def small_disk(self, name, megabytes):
        """A folder of that size; gone when the test is over."""
        path = os.path.join(self.folder, name)
        os.mkdir(path)
        os.chmod(self.folder, 0o711)  # PostgreSQL runs as another user
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % megabytes, "tmpfs", path], capture_output=True)
        if mounted.returncode:
            self.skipTest("a small disk can't be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", path])
        return path

    def fill(self, path, leave):
        """Takes all of a disk but so many bytes; returns the file to remove."""
        filler = os.path.join(path, "filler")
        disk = os.statvfs(path)
        with open(filler, "wb") as out:
            out.write(bytes(max(0, disk.f_bavail * disk.f_frsize - leave)))
        return filler

    def database_on(self, path):
        """The test's database, on that disk."""
        space = "padan_test_%d" % os.getpid()
        place = os.path.join(path, "data")
        os.mkdir(place)
        owner = psql("postgres", "SELECT pg_read_file('postmaster.pid')")[0][0]
        os.chown(place, os.stat("/proc/" + owner).st_uid, -1)
        psql("postgres", "CREATE TABLESPACE %s LOCATION '%s'" % (space, place))
        subprocess.run(["dropdb", "--force", self.database], check=True)
        subprocess.run(["createdb", "-T", self.template, "-D", space, self.database], check=True)

        def remove():
            self.kill_all()
            subprocess.run(["dropdb", "--force", self.database], check=True)
            subprocess.run(["createdb", "-T", self.template, self.database], check=True)
            psql("postgres", "DROP TABLESPACE " + space)
        self.addCleanup(remove)

    def test_disk_of_the_database_is_full(self):
        expected = self.undisturbed()
        path = self.small_disk("disk", 64)
        self.database_on(path)
        daemon = self.start()
        first = "bappeda/sasaran 2024.csv"
        self.put(first, LISTS[first])
        self.until_quiet()
        before = self.sql("SELECT list, state, rows_read FROM padan.lists")

        self.sql("CHECKPOINT")
        filler = self.fill(path, 100 << 10)
        large = os.path.join(self.folder, "besar.csv")
        with open(large, "w", encoding="utf-8") as file:
            file.write(list_of(range(20000)))
        refused = self.padan("import", "--no-wait", "--programme", "pkh", "--period", "2024-06", large)
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn("penuh", refused.stderr.lower())
        self.assertEqual(self.sql("SELECT list, state, rows_read FROM padan.lists"), before, "a list is refused whole")
        for path_, text in LISTS.items():
            if path_ != first:
                self.put(path_, text)
        time.sleep(4)
        self.assertFalse(daemon.ended(), "it goes on waiting")
        os.unlink(filler)
        self.until_quiet(120)
        self.check_invariants()
        self.assertEqual(self.outcome(), expected)

    def test_disk_of_the_inbox_is_full(self):
        expected = self.undisturbed()
        self.inbox = self.small_disk("inbox-small", 1)
        daemon = self.start()
        # The files are there already; what can't be written are the notes and rejected rows.
        for path, text in LISTS.items():
            self.put(path, text)
        filler = self.fill(self.inbox, 0)
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'") == str(len(LISTS)), 60)
        self.assertFalse(daemon.ended())
        os.unlink(filler)
        self.until_quiet()
        self.check_invariants()
        self.assertEqual(self.outcome(), expected)
        for path in LISTS:
            folder, name = os.path.split(path)
            found = [f for f, _, names in os.walk(self.inbox) if name + ".catatan.txt" in names]
            self.assertEqual(len(found), 1, "a note beside " + path)

    # ---- restored from the middle of a batch ----

    def test_dump_of_a_batch_restored_elsewhere(self):
        expected = self.undisturbed()
        for failpoint in ("process_settled", "process_entries_copied", "process_before_commit"):
            number = {name: number for number, name in self.failpoints()}[failpoint]
            with self.subTest(dumped_after=failpoint):
                self.fresh()
                self.sql("UPDATE padan.districts SET config = config || $a$%s$a$" % ALERTS)
                # The second list's job ends its daemon there; the dump has one list done, one at work, one waiting.
                daemon = self.start(failpoint="%d:2" % number)
                self.put_all()
                self.eventually(daemon.ended, 60, "the daemon's end")
                dump = os.path.join(self.folder, "dump")
                subprocess.run(["pg_dump", "-Fc", "-f", dump, self.database], check=True)
                ids = int(self.value("SELECT next_person FROM padan.districts"))
                # Elsewhere: another database, another daemon's name.
                subprocess.run(["dropdb", "--force", self.database], check=True)
                subprocess.run(["createdb", self.database], check=True)
                subprocess.run(["pg_restore", "--exit-on-error", "-d", self.database, dump], check=True)
                self.start(options=["--name", "lain"])
                self.until_quiet(90)
                self.check_invariants()
                self.assertEqual(self.outcome(), expected)
                # What may have been told since is not told again: neither what the dump knew as waiting nor what its lists bring about.
                self.eventually(lambda: self.value("SELECT count(*) FROM padan.alerts WHERE state = 'waiting'") == "0", what="alerts laid aside")
                self.assertEqual(self.sql("SELECT DISTINCT state, last_error = padan.restored_reason() FROM padan.alerts"), [["dead", "t"]])
                self.assertGreaterEqual(int(self.value("SELECT count(DISTINCT list) FROM padan.alerts")), len(LISTS) - 1)
                # Ids and list numbers go on where they were, and a further list of new people gets new ones.
                self.put("dinsos/pkh_2024-08.csv", list_of(range(200, 210)))
                self.until_quiet()
                self.assertEqual(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'"), str(len(LISTS) + 1))
                self.assertEqual(self.value("SELECT count(*) FROM padan.alerts WHERE kind = 'list_done' AND state = 'waiting'"), "1",
                    "a list that comes after the restore is told of")
                self.assertGreater(int(self.value("SELECT min(person) FROM padan.entries WHERE list = (SELECT max(list) FROM padan.lists)")), ids)
                self.kill_all()

    # ---- clocks and zones ----

    def test_clocks_that_differ(self):
        """Two daemons, a day and more apart and in other zones, with a database between: its clock counts, and the district's day."""
        source, library = os.path.join(self.folder, "skew.c"), os.path.join(self.folder, "skew.so")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SKEW)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.sql("UPDATE padan.districts SET config = config || $a$%s$a$" % ALERTS)
        day = self.value(DAY)
        daemons = [self.start(options=["--name", name, "--alert-wait", "60"],
            environment={"LD_PRELOAD": library, "TEST_SKEW": str(hours * 3600), "TZ": zone})
            for name, hours, zone in (("awal", -30, "America/New_York"), ("akhir", 30, "Pacific/Kiritimati"))]
        self.put_all()
        self.until_quiet()
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.alerts WHERE kind = 'digest'") != "0", 30, "a digest")
        time.sleep(7)  # both have asked by now
        keys = [key for key, in self.sql("SELECT key FROM padan.alerts WHERE kind = 'digest'")]
        self.assertIn(keys, [["digest:%s:webhook" % d] for d in (day, self.value(DAY))])
        self.check_invariants()
        self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE attempts > 1"), "0", "no lease was taken away")
        for daemon in daemons:
            self.assertEqual(daemon.stop(), 0)

    def test_days_of_three_zones_and_summer_time(self):
        """A district's digest is for its own day, whatever zone the server keeps, on the day its summer time begins as well."""
        with open(os.path.join(ROOT, "daemon", "db", "sql", "alerts_digest_due.sql"), encoding="utf-8") as file:
            query = file.read()
        psql(self.database, "INSERT INTO padan.districts (district, code, name) VALUES (5171, '51.71', 'Denpasar'), (9171, '91.71', 'Jayapura')")
        for now, days in {"2024-03-30 17:30+00": ["31 0", "31 1", "31 2"], "2024-03-31 14:59+00": ["31 21", "31 22", "31 23"],
                "2024-10-27 15:30+00": ["27 22", "27 23", "28 0"]}.items():
            for zone in ("UTC", "Europe/Berlin", "Asia/Jakarta"):
                asked = query.replace("clock_timestamp()", "timestamptz '%s'" % now)
                rows = self.sql("SET timezone = '%s'; SELECT right(t.to_char, 2) || ' ' || t.extract FROM (%s) t ORDER BY t.district" % (zone,
                    asked.split("\n", 2)[2].replace("extract(hour FROM n.local)::integer", "extract(hour FROM n.local)::integer AS extract")))
                self.assertEqual([row for row, in rows], days, (now, zone))


if __name__ == "__main__":
    unittest.main()
