"""padan migrate: twice, two at once, what it refuses; functions that are brought up in place."""
import hashlib
import json
import os
import subprocess
import unittest

from support import PADAN, ROOT, Case, psql

MIGRATIONS = os.path.join(ROOT, "migrations")
NUMBERED = sorted(name for name in os.listdir(MIGRATIONS) if name.endswith(".sql"))
FUNCTIONS = sorted(os.listdir(os.path.join(MIGRATIONS, "functions")))
COUNT = len(NUMBERED)
BEFORE_FUNCTIONS = 31  # the last migration of the time when functions stood in migrations


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as text:
        return text.read()


def schema(database):
    """The whole schema, with owners and grants, as pg_dump tells it."""
    done = subprocess.run(["pg_dump", "--schema-only", database], check=True, text=True, capture_output=True)
    return [line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


class Migrating(Case):
    PREPARED = False

    def test_1_check_says_what_is_missing(self):
        done = self.padan("migrate", "--check", "--json")
        self.assertEqual(done.returncode, 3)
        self.assertIn('"missing": %d' % COUNT, done.stdout)
        self.assertIn('"functions": %d' % len(FUNCTIONS), done.stdout)

    def test_2_two_at_once_run_everything_once(self):
        command = [PADAN, "migrate", "--db", "dbname=" + self.database]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [p.communicate()[0] for p in both]
        self.assertEqual([p.returncode for p in both], [0, 0])
        self.assertEqual(sum(text.count("0002_lists.sql") for text in said), 1)
        self.assertEqual(self.value("SELECT count(*) FROM padan.schema_migrations"), str(COUNT))
        self.assertEqual(self.sql("SELECT name FROM padan.schema_functions ORDER BY name COLLATE \"C\""), [[name] for name in FUNCTIONS])

    def test_3_again_changes_nothing(self):
        what = "SELECT * FROM padan.schema_migrations ORDER BY 1; SELECT * FROM padan.schema_functions ORDER BY 1"
        before = self.sql(what)
        self.assertIn("tidak ada yang berubah", self.must("migrate"))
        self.assertEqual(before, self.sql(what))
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
            WHERE n.nspname IN ('padan', 'intake') AND pg_get_userbyid(c.relowner) <> 'padan_owner'
            UNION ALL
            SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('padan', 'intake') AND pg_get_userbyid(p.proowner) <> 'padan_owner'"""), [])

    def test_7_what_runs_as_the_owner_says_where_it_looks_and_nothing_is_everybodys(self):
        of_padan = "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('padan', 'intake')"
        self.assertEqual(self.sql("""SELECT p.oid::regprocedure %s AND p.prosecdef AND NOT EXISTS (
            SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%%pg_temp')""" % of_padan), [])
        self.assertEqual(self.sql("""SELECT p.oid::regprocedure %s AND (p.proacl IS NULL OR EXISTS (
            SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))""" % of_padan), [])

    def test_7_every_body_can_be_read(self):
        # Functions are made without a look at their bodies, as they name each other in any order. Now everything is there.
        for name in FUNCTIONS:
            self.sql("BEGIN; SET LOCAL ROLE padan_owner;\n%s\nROLLBACK" % read(MIGRATIONS, "functions", name))

    def test_7_all_functions_stand_in_files(self):
        texts = "".join(read(MIGRATIONS, "functions", name) for name in FUNCTIONS)
        for kind, name in self.sql("""
                SELECT 'FUNCTION', n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname IN ('padan', 'intake')
                UNION ALL SELECT 'VIEW', table_schema || '.' || table_name FROM information_schema.views
                WHERE table_schema IN ('padan', 'intake')"""):
            self.assertIn("CREATE OR REPLACE %s %s" % (kind, name), texts)

    def test_7_functions_are_brought_up_in_place(self):
        before = schema(self.database)
        # Another program's text: the function does something else, its file has another checksum.
        self.sql("""SET ROLE padan_owner;
            CREATE OR REPLACE FUNCTION padan.web_number(a_number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'all of it' $$;
            REVOKE EXECUTE ON FUNCTION padan.web_number FROM padan_web;
            UPDATE padan.schema_functions SET checksum = repeat('0', 64) WHERE name = 'web_shown.sql'""")
        told = self.padan("migrate", "--check", "--lang", "en")
        self.assertEqual((told.returncode, told.stdout.count("1 files differ")), (3, 1))
        checks = {c["check"]: c["state"] for c in json.loads(self.padan("doctor", "--json").stdout)}
        self.assertEqual(checks["migrations"], "broken")
        self.assertEqual(self.must_json("migrate"), {"version": COUNT, "applied": 0, "functions": 1, "names": []})
        self.assertEqual(schema(self.database), before)
        self.assertIn("tidak ada yang berubah", self.must("migrate"))

    def test_7_a_file_that_is_no_more_is_forgotten(self):
        self.sql("INSERT INTO padan.schema_functions (name, checksum) VALUES ('old.sql', repeat('0', 64))")
        self.assertEqual(self.padan("migrate", "--check").returncode, 3)
        self.must("migrate")
        self.assertEqual(self.value("SELECT count(*) FROM padan.schema_functions WHERE name = 'old.sql'"), "0")

    def test_7_a_database_of_before_becomes_what_a_new_one_is(self):
        old = self.database + "_old"
        subprocess.run(["createdb", old], check=True)
        try:
            psql(old, read(ROOT, "daemon", "db", "sql", "migrate_bootstrap.sql"))
            for name in NUMBERED[:BEFORE_FUNCTIONS]:
                text = read(MIGRATIONS, name)
                psql(old, "BEGIN; SET LOCAL ROLE padan_owner;\n%s\nINSERT INTO padan.schema_migrations (number, name, checksum) VALUES (%d, '%s', '%s');"
                     "COMMIT" % (text, int(name[:4]), name, hashlib.sha256(text.encode()).hexdigest()))
            command = [PADAN, "migrate", "--json", "--db", "dbname=" + old]
            told = json.loads(subprocess.run(command + ["--check"], text=True, capture_output=True).stdout)
            self.assertEqual((told["missing"], told["functions"]), (COUNT - BEFORE_FUNCTIONS, len(FUNCTIONS)))
            told = json.loads(subprocess.run(command, check=True, text=True, capture_output=True).stdout)
            self.assertEqual(told["names"], NUMBERED[BEFORE_FUNCTIONS:])
            self.assertEqual(schema(old), schema(self.database))
        finally:
            subprocess.run(["dropdb", old], check=True)

    def test_8_an_unreachable_server_is_explained(self):
        done = subprocess.run([PADAN, "migrate", "--db", "host=/nonexistent"], text=True, capture_output=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("PGHOST", done.stderr)


if __name__ == "__main__":
    unittest.main()
