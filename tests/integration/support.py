"""What the integration tests share: a database of one's own per class, psql, the programs. Python's standard library alone.

run.sh sets PGHOST (a private server's socket), PGUSER, PADAN_BIN and PADAN_CLUSTER.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PADAN_BIN", os.path.join(ROOT, "build", "debug"))
PADAN = os.path.join(BIN, "padan")
PADAND = os.path.join(BIN, "padand")
# Waiting longer costs a passing test nothing: how many times slower than a quiet developer's machine this one may be.
PATIENCE = float(os.environ.get("PADAN_PATIENCE", "6"))

CONFIG = """
[district]
code = 15.05
name = Kabupaten Muaro Jambi

[office dinsos]
name = Dinas Sosial
email = program@dinsos.example

[office dpmd]
name = Dinas Pemberdayaan Masyarakat dan Desa

[office bappeda]
name = Bappeda

[programme pkh]
name = Program Keluarga Harapan
office = dinsos
unit = household

[programme blt_dd]
name = BLT Dana Desa
office = dpmd
unit = household

[target]
office = bappeda

[reference asn]
name = ASN, TNI dan Polri aktif

[rule bltdd-not-with-pkh]
kind = forbidden_overlap
programmes = blt_dd, pkh
level = household
valid_from = 2021-01-01
legal_basis = PMK 201/2022 pasal 36
severity = high
"""


class Refused(Exception):
    """psql ended with an error; str() is what it said, sqlstate is PostgreSQL's."""

    def __init__(self, said):
        super().__init__(said)
        found = re.search(r"(?:ERROR|FATAL):\s+(\w{5}):", said)
        self.sqlstate = found.group(1) if found else ""


def psql(database, sql, user=None):
    """Runs SQL, any number of statements; returns the rows of all results as lists of texts."""
    environment = dict(os.environ, PGOPTIONS="")
    command = ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-d", database]
    if user:
        command += ["-U", user]
    done = subprocess.run(command, input=sql, env=environment, text=True, capture_output=True)
    if done.returncode:
        raise Refused(done.stderr)
    return [line.split("\x1f") for line in done.stdout.splitlines() if line]


class Session:
    """A psql that stays open, for what one connection does while another does something else."""

    def __init__(self, database, user=None):
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "VERBOSITY=verbose", "-d", database] + (["-U", user] if user else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def send(self, sql):
        self.process.stdin.write(sql + ";\n")
        self.process.stdin.flush()

    def run(self, sql):
        """Runs one statement and waits; returns what was printed, errors included."""
        self.send(sql)
        return self.wait()

    def wait(self):
        self.process.stdin.write("\\echo ===\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "===\n":
                break
            lines.append(line)
        return "".join(lines).strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Case(unittest.TestCase):
    """A class of tests on a database of its own. PREPARED: migrated and with CONFIG applied."""

    PREPARED = True

    @classmethod
    def setUpClass(cls):
        cls.database = "padan_%s_%d" % (cls.__name__.lower(), os.getpid())
        cls.folder = tempfile.mkdtemp(prefix="padan-test-")
        subprocess.run(["createdb", cls.database], check=True)
        if cls.PREPARED:
            cls.must("migrate")
            cls.must("apply", cls.file("district.conf", CONFIG))

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["dropdb", "--force", cls.database], check=True)
        shutil.rmtree(cls.folder)

    @classmethod
    def file(cls, name, contents):
        path = os.path.join(cls.folder, name)
        with open(path, "wb") as out:
            out.write(contents if isinstance(contents, bytes) else contents.encode())
        return path

    @classmethod
    def padan(cls, verb, *words, **more):
        """Runs padan; returns the finished process (returncode, stdout, stderr)."""
        command = [PADAN, verb, "--db", "dbname=" + cls.database] + list(words)
        return subprocess.run(command, text=True, capture_output=True, **more)

    @classmethod
    def must(cls, verb, *words):
        """Runs padan, which must end with 0; returns what it printed."""
        done = cls.padan(verb, *words)
        if done.returncode:
            raise AssertionError("padan %s: exit status %d: %s%s" % (verb, done.returncode, done.stdout, done.stderr))
        return done.stdout

    @classmethod
    def must_json(cls, verb, *words):
        return json.loads(cls.must(verb, "--json", *words))

    @classmethod
    def sql(cls, sql, user=None):
        return psql(cls.database, sql, user)

    @classmethod
    def value(cls, sql, user=None):
        """The first cell of the first row; None where there is no row."""
        rows = cls.sql(sql, user)
        return rows[0][0] if rows else None

    def refused(self, sqlstate, sql, user=None):
        """The SQL must fail with that SQLSTATE; returns what was said."""
        with self.assertRaises(Refused) as caught:
            self.sql(sql, user)
        self.assertEqual(caught.exception.sqlstate, sqlstate, str(caught.exception))
        return str(caught.exception)

    @staticmethod
    def eventually(condition, seconds=20, what="it"):
        """Waits until condition() is true: the seconds of a machine that has nothing else to do, times PATIENCE."""
        end = time.monotonic() + seconds * PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("%s did not happen within %s s" % (what, seconds))
            time.sleep(0.05)
