"""Measures padand as a user would meet it; see run.sh, which starts the server. Python's standard library alone."""
import atexit
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PADAN, PADAND = (os.path.join(ROOT, "build", "release", name) for name in ("padan", "padand"))
DATABASE = "padan_bench"
SMALL = 1000  # rows of a small list
SMALL_NEW = 50  # of them stand for somebody new each month, as with real lists: the rest stood in the month before
SMALL_LISTS = 5  # of such a size, beside each register; the first shows whoever the programme leaves out
TICK = os.sysconf("SC_CLK_TCK")
TARGET_ROWS_PER_HOUSEHOLD = 1.3  # of a simulated district, a little less than it has
STATUS_SECONDS = 11  # by then the daemon has told its counters

# The daemon's clocks, in their order, and what they are.
STAGES = {
    "register": "register: is it in memory, else loaded",
    "read": "read raw rows, normalise, add to register",
    "periods": "which periods wait for other lists",
    "index": "index and candidate pairs",
    "train": "learn the model",
    "score": "compare pairs",
    "cluster": "persons",
    "household": "households",
    "match": "waiting for the pool",
    "flag": "flags decided",
    "write": "transaction begun, rejects written",
    "write_entries": "COPY of entries",
    "model": "model stored",
    "write_ids": "persons, households, merges",
    "write_evidence": "evidence of pairs",
    "write_flags": "flags written",
    "alerts": "counts, alerts, job done",
    "commit": "COMMIT",
}


def run(*command, **more):
    done = subprocess.run(command, text=True, capture_output=True, **more)
    if done.returncode:
        sys.exit("%s: exit status %d\n%s%s" % (" ".join(command[:3]), done.returncode, done.stdout, done.stderr))
    return done.stdout


def padan(verb, *words):
    return run(PADAN, verb, "--db", "dbname=" + DATABASE, *words)


def sql(text):
    return run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-c", text).strip()


def timed(function, *arguments):
    begun = time.monotonic()
    result = function(*arguments)
    return time.monotonic() - begun, result


# ---- made-up lists ----

def district(folder, rows):
    """A simulated district whose target list has at least that many rows; made once."""
    path = os.path.join(folder, "district_%d" % rows)
    if not os.path.exists(os.path.join(path, "lists.csv")):
        run(PADAN, "simulate", "--out", path, "--households", str(int(rows / TARGET_ROWS_PER_HOUSEHOLD) + 100), "--seed", "1")
    return path


def parts_of(path):
    """What stands above the first row of data, and the rows."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if len(re.findall(r"(?<!\d)\d{16}(?!\d)", line)))
    return lines[:first], lines[first:]


def cut(source, out, start, rows):
    """A part of a list, that many rows long, into a file of its own, the header above it; the rows' number. Behind the list's
    end it goes on at its beginning."""
    head, body = parts_of(source)
    start %= max(1, len(body) - rows)
    chosen = body[start:start + rows]
    with open(out, "w", encoding="utf-8", newline="") as file:
        file.writelines(head + chosen)
    return len(chosen)


# ---- processor time: what is left of a measurement when others are at work on the machine too ----

def ticks(pid, children=False):
    """Seconds of processor time of a process, on request of those it waited for too; 0 when it is gone."""
    try:
        with open("/proc/%s/stat" % pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(n) for n in fields[11:15 if children else 13]) / TICK


def peak_memory(pid):
    """MiB; 0 when it is gone."""
    try:
        with open("/proc/%d/status" % pid) as file:
            found = re.search(r"VmHWM:\s+(\d+)", file.read())
    except OSError:
        found = None
    return int(found.group(1)) / 1024 if found else 0


def server_seconds():
    """Of PostgreSQL: its first process, with those that ended, and those that live."""
    pid = sql("SELECT pg_read_file('postmaster.pid')").split()[0]
    with open("/proc/%s/task/%s/children" % (pid, pid)) as file:
        return ticks(pid, True) + sum(ticks(child) for child in file.read().split())


class Spent:
    """Wall and processor seconds between two points."""

    def __init__(self, daemon=None):
        self.daemon = daemon
        self.begun, self.client, self.server = time.monotonic(), self.clients(), server_seconds()
        self.padand = ticks(daemon.process.pid) if daemon else 0

    @staticmethod
    def clients():
        return sum(os.times()[2:4])  # of programs that were started and have ended

    def end(self):
        self.wall = time.monotonic() - self.begun
        self.server = server_seconds() - self.server
        self.padand = ticks(self.daemon.process.pid) - self.padand if self.daemon else 0
        self.cpu = self.client + self.server + self.padand
        return self


# ---- the daemon ----

class Daemon:
    def __init__(self, folder):
        self.path = os.path.join(folder, "padand.log")
        self.log = open(self.path, "w+b")
        self.process = subprocess.Popen([PADAND, "--db", "dbname=" + DATABASE], stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log)
        atexit.register(self.kill)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def lines(self):
        with open(self.path, encoding="utf-8") as file:
            return file.read().splitlines()

    def clocks(self, job):
        """The seconds of each stage of a job, from the log."""
        for line in reversed(self.lines()[-50:]):
            if " time spent " in line and " job=%s " % job in line + " ":
                return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", line) if k != "job"}
        return {}

    def has_given_up(self, job):
        return self.process.poll() is not None or any(" job=%s " % job in line + " " and (" error " in line or "refused" in line)
            for line in self.lines()[-20:])

    def peak_memory(self):
        return peak_memory(self.process.pid)

    def loop(self):
        time.sleep(STATUS_SECONDS)
        daemons = json.loads(padan("status", "--json"))["daemons"]
        counters = daemons[0]["counters"]
        return json.loads(counters) if isinstance(counters, str) else counters

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60):
            sys.exit("padand ended badly:\n" + "\n".join(self.lines()[-20:]))
        self.log.close()


def fresh(folder, config):
    """An empty database with the district's configuration, and a daemon at work on it."""
    run("dropdb", "--if-exists", "--force", DATABASE)
    run("createdb", DATABASE)
    padan("migrate")
    padan("apply", config)
    return Daemon(folder)


class Sent:
    """padan import until the flags are committed; the daemon's log tells when, as asking PostgreSQL would cost too."""

    def __init__(self, daemon, file, *what):
        sql("CHECKPOINT")
        self.spent = Spent(daemon)
        self.staged, self.staging_memory = timed(self.stage, *what, file)
        self.spent.client = self.spent.clients() - self.spent.client
        job = sql("SELECT max(job) FROM padan.jobs")
        while not daemon.clocks(job):
            if daemon.has_given_up(job):
                sys.exit("the list was not worked:\n%s" % "\n".join(daemon.lines()[-5:]))
            time.sleep(0.02)
        self.spent.end()
        self.seconds = self.spent.wall
        self.clocks = daemon.clocks(job)

    @staticmethod
    def stage(*words):
        """padan import; its peak memory, looked at now and then, as what wait() tells counts the memory of this program too."""
        importing = subprocess.Popen([PADAN, "import", "--db", "dbname=" + DATABASE, "--no-wait", *words], stdout=subprocess.DEVNULL)
        peak = 0
        while importing.poll() is None:
            peak = peak_memory(importing.pid) or peak
            time.sleep(0.005)
        if importing.returncode:
            sys.exit("padan import: exit status %d" % importing.returncode)
        return peak

    @property
    def learnt(self):
        return "model" in self.clocks


def bare_copy(file):
    """\\copy of the file's rows into a table of text columns."""
    _, body = parts_of(file)
    rows = list(csv.reader(io.StringIO("".join(body))))
    columns = max(len(row) for row in rows)
    copy = file + ".copy"
    with open(copy, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(row + [""] * (columns - len(row)) for row in rows)
    del rows, body
    sql("DROP TABLE IF EXISTS bare; CREATE TABLE bare (%s)" % ", ".join("c%d text" % i for i in range(columns)))
    sql("CHECKPOINT")
    spent = Spent()
    run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-c", "\\copy bare FROM '%s' (FORMAT csv)" % copy)
    spent.client = spent.clients() - spent.client
    spent.end()
    sql("DROP TABLE bare")
    os.unlink(copy)
    return spent


# ---- what is printed ----

def print_stages(rows, sent):
    known = sent.staged + sum(sent.clocks.values())
    table = [("staged", "padan import: read, decode, COPY raw rows", sent.staged)]
    table += [(name, STAGES.get(name, ""), sent.clocks[name])
        for name in list(STAGES) + sorted(set(sent.clocks) - set(STAGES)) if name in sent.clocks]
    table.append(("", "waiting", max(0, sent.seconds - known)))
    for name, what, seconds in table:
        if seconds >= 0.0005 * sent.seconds:
            print("    %-15s %-42s %8.2f s %5.1f %% %10s rows/s" % (name, what, seconds, 100 * seconds / sent.seconds,
                "{:,.0f}".format(rows / seconds) if seconds >= 0.005 else "-"))


def print_cpu(spent, bare):
    print("    processor time: import %.2f s, padand %.2f s, PostgreSQL %.2f s: %.1f times \\copy's %.2f s" % (
        spent.client, spent.padand, spent.server, spent.cpu / max(bare.cpu, 0.01), bare.cpu))


def print_large(title, rows, file, daemon, *what):
    bare = bare_copy(file)
    sent = Sent(daemon, file, *what)
    entries = int(sql("SELECT count(*) FROM padan.entries"))
    flags = sql("SELECT count(*) FROM padan.flags WHERE status <> 'resolved'")
    print("\n%s, %s rows: %.2f s to committed flags, \\copy %.2f s: %.1f times (aim: at most 10)%s" % (title, "{:,}".format(rows),
        sent.seconds, bare.wall, sent.seconds / bare.wall, "; it learnt a model" if sent.learnt else ""))
    print("    register of %s entries, %s open flags; peak memory of padand %.0f MiB (aim: 300 for a million), of import %.0f MiB" % (
        "{:,}".format(entries), "{:,}".format(int(flags)), daemon.peak_memory(), sent.staging_memory))
    print_cpu(sent.spent, bare)
    print_stages(rows, sent)
    sys.stdout.flush()


def print_loop(daemon):
    counters = daemon.loop()
    print("    event loop: longest turn %.1f ms (aim: under 50), of its own CPU time %.1f ms; %s turns late" % (
        1000 * counters["loop_longest_turn_seconds"], 1000 * counters["loop_longest_turn_cpu_seconds"],
        counters["loop_late_turns_total"]))
    sys.stdout.flush()


def print_small(size, sent, first):
    """The median of those that learnt no model, the first apart, in wall and in processor time; returns it."""
    opening, sent = sent[0], sent[1:]
    plain = sorted((s for s in sent if not s.learnt), key=lambda s: s.seconds) or sent
    median = plain[len(plain) // 2]
    cpu = sorted(s.spent.cpu for s in plain)[len(plain) // 2]
    first = first or (median.seconds, cpu)
    print("\nLists of %s rows beside a register of %s: %.2f s, %.2f s of processor time: %.2f and %.2f times the cost beside the first "
        "(aim: flat)" % ("{:,}".format(SMALL), "{:,}".format(size), median.seconds, cpu, median.seconds / first[0], cpu / first[1]))
    print("    the first list of the programme, which shows whoever it leaves out: %.2f s, %.2f s of processor time" % (
        opening.seconds, opening.spent.cpu))
    if len(plain) < len(sent):
        print("    %d of %d learnt a model: %s" % (len(sent) - len(plain), len(sent),
            ", ".join("%.2f s" % s.seconds for s in sent if s.learnt)))
    print_stages(SMALL, median)
    sys.stdout.flush()
    return first


def measure(folder, size, first):
    """A register of that size made of one target list, then small lists beside it. Returns what small lists cost, and the seconds until
    the register stood and after."""
    begun = time.monotonic()
    made = district(os.path.join(folder, "data"), size)
    daemon = fresh(folder, os.path.join(made, "district.conf"))
    target, part = os.path.join(folder, "data", "register.csv"), os.path.join(folder, "data", "part.csv")
    n = cut(os.path.join(made, "target.csv"), target, 0, size)
    print_large("A target list into an empty register", n, target, daemon, "--target", "--period", "2024-01")
    sent, stood = [], time.monotonic()
    for number in range(SMALL_LISTS):
        cut(os.path.join(made, "pkh.csv"), part, number * SMALL_NEW, SMALL)
        sent.append(Sent(daemon, part, "--programme", "pkh", "--period", "2024-%02d" % (6 + number)))
    first = print_small(n, sent, first)
    print("    peak memory of padand %.0f MiB" % daemon.peak_memory())
    print_loop(daemon)
    daemon.stop()
    return first, stood - begun, time.monotonic() - stood


def main():
    folder = sys.argv[1]
    os.makedirs(os.path.join(folder, "data"), exist_ok=True)
    begun, before, first = time.monotonic(), None, None
    for size in sorted(int(n) for n in os.environ["REGISTERS"].split()):
        left = int(os.environ["SECONDS_MAX"]) - (time.monotonic() - begun)
        # The register takes as many times as long as it is larger; the small lists beside it should not.
        needed = before[0] * size / before[2] + 2 * before[1] if before else 0
        if needed > left:
            print("\nA register of %s would take about %.0f s more; left out, as %.0f are left: SECONDS_MAX=%.0f make bench" % (
                "{:,}".format(size), needed, left, int(os.environ["SECONDS_MAX"]) - left + needed + 60))
            continue
        first, large, small = measure(folder, size, first)
        before = (large, small, size)
    run("dropdb", "--if-exists", "--force", DATABASE)


if __name__ == "__main__":
    main()
