"""padan migrate: twice, two at once, and what it refuses."""
import os
import subprocess
import unittest

from support import PADAN, ROOT, Case

COUNT = len([name for name in os.listdir(os.path.join(ROOT, "migrations")) if name.endswith(".sql")])


class Migrating(Case):
    PREPARED = False

    def test_1_check_says_what_is_missing(self):
        done = self.padan("migrate", "--check", "--json")
        self.assertEqual(done.returncode, 3)
        self.assertIn('"missing": %d' % COUNT, done.stdout)

    def test_2_two_at_once_run_everything_once(self):
        command = [PADAN, "migrate", "--db", "dbname=" + self.database]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [p.communicate()[0] for p in both]
        self.assertEqual([p.returncode for p in both], [0, 0])
        self.assertEqual(sum(text.count("0002_lists.sql") for text in said), 1)
        self.assertEqual(self.value("SELECT count(*) FROM padan.schema_migrations"), str(COUNT))

    def test_3_again_changes_nothing(self):
        before = self.sql("SELECT * FROM padan.schema_migrations ORDER BY 1")
        self.assertIn("tidak ada yang berubah", self.must("migrate"))
        self.assertEqual(before, self.sql("SELECT * FROM padan.schema_migrations ORDER BY 1"))
        self.assertEqual(self.padan("migrate", "--check").returncode, 0)

    def refuses(self, change, word):
        self.sql("CREATE TABLE public.kept AS SELECT * FROM padan.schema_migrations")
        try:
            self.sql(change)
            done = self.padan("migrate", "--lang", "en")
            self.assertEqual(done.returncode, 4)
            self.assertIn(word, done.stderr)
        finally:
            self.sql("TRUNCATE padan.schema_migrations; INSERT INTO padan.schema_migrations SELECT * FROM public.kept;"
                     "DROP TABLE public.kept")

    def test_4_an_edited_migration_is_refused(self):
        self.refuses("UPDATE padan.schema_migrations SET checksum = repeat('0', 64) WHERE number = 2", "never edited")

    def test_5_a_gap_is_refused(self):
        self.refuses("DELETE FROM padan.schema_migrations WHERE number = 3", "0003 is missing")

    def test_6_a_newer_database_is_refused(self):
        self.refuses("INSERT INTO padan.schema_migrations VALUES (%d, '9999_future.sql', repeat('0', 64))" % (COUNT + 1), "newer")

    def test_7_everything_belongs_to_the_owner(self):
        self.assertEqual(self.sql("""
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('padan', 'intake') AND pg_get_userbyid(c.relowner) <> 'padan_owner'"""), [])

    def test_8_an_unreachable_server_is_explained(self):
        done = subprocess.run([PADAN, "migrate", "--db", "host=/nonexistent"], text=True, capture_output=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("PGHOST", done.stderr)


if __name__ == "__main__":
    unittest.main()
