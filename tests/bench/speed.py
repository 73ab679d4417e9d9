#!/usr/bin/env python3
"""Time and peak memory of `padan dedupe`, file in, clusters out, and how time grows with the file; then the engine alone on
the largest file (engine_speed.c): processor seconds by stage, pairs per second and core, the search of one person.

    speed.py [--sizes 20000,200000] [--runs 3] [--shared DIR] [--peer-python PYTHON]

The files come from DIR/peers/make_people.py (DIR: $PADAN_SHARED or ../shared beside the project); without it there is
nothing to measure, and that is said. With a Python that has the other engine's packages (--peer-python or
$PADAN_PEER_PYTHON) its script peers/splink_run.py runs on the same files in turn with ours, and ratios are printed.
Medians over the runs. Standard library only.
"""
import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(command):
    """Seconds and peak MiB of a command, which must succeed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # a process of its own, so that the peak of its children is this command's alone
        os.close(read)
        begun = time.monotonic()
        status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        os.write(write, f"{status} {time.monotonic() - begun} {peak}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        status, seconds, peak = pipe.read().split()
    os.waitpid(child, 0)
    if status != "0":
        sys.exit(f"failed with status {status}: {' '.join(command)}")
    return float(seconds), float(peak)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20000,200000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--shared", default=os.environ.get("PADAN_SHARED", os.path.join(ROOT, "..", "shared")))
    parser.add_argument("--peer-python", default=os.environ.get("PADAN_PEER_PYTHON", ""))
    args = parser.parse_args()
    peers = os.path.join(args.shared, "peers")
    padan = os.path.join(ROOT, "build", "release", "padan")
    if not os.path.exists(os.path.join(peers, "make_people.py")):
        print(f"skipped: {peers}/make_people.py is not there (--shared or PADAN_SHARED says where)")
        return
    if not args.peer_python:
        print("the other engine is skipped: no --peer-python or PADAN_PEER_PYTHON with its packages\n")
    print(f"{'records':>9}  {'padan s':>9}  {'MiB':>7}" + (f"  {'peer s':>9}  {'MiB':>7}  {'time':>6}  {'memory':>6}" if args.peer_python else ""))
    seconds_by_size = []
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, args.sizes.split(",")):
            people, out = os.path.join(folder, "people.csv"), os.path.join(folder, "out.csv")
            subprocess.run([sys.executable, os.path.join(peers, "make_people.py"), str(size), "7", people], check=True)
            ours, theirs = [], []
            for _ in range(args.runs):
                ours.append(run([padan, "dedupe", people, "--out", out]))
                if args.peer_python:
                    theirs.append(run([args.peer_python, os.path.join(peers, "splink_run.py"), "people", people, "--out", out]))
            seconds, peak = (statistics.median(x) for x in zip(*ours))
            line = f"{size:9}  {seconds:9.2f}  {peak:7.0f}"
            if theirs:
                their_seconds, their_peak = (statistics.median(x) for x in zip(*theirs))
                line += f"  {their_seconds:9.2f}  {their_peak:7.0f}  {seconds / their_seconds:6.2f}  {peak / their_peak:6.2f}"
            print(line, flush=True)
            seconds_by_size.append((size, seconds))
        print(f"\nthe engine alone, {size} records less those searched (aims: 10 million pairs a second and core, p99 under 1000 us)")
        subprocess.run([os.path.join(ROOT, "build", "release", "tests", "bench", "engine_speed"), people], check=True)
    if len(seconds_by_size) > 1:
        (n0, t0), (n1, t1) = seconds_by_size[0], seconds_by_size[-1]
        print(f"\ntime grows as records to the power {math.log(t1 / t0) / math.log(n1 / n0):.2f} (aim 1.05)")
        print("aims at 1 million records and more: time 0.10 of the other engine's, memory 0.25")


main()
