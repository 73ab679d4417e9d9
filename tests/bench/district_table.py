#!/usr/bin/env python3
"""Puts the figures of tests/bench/district.sh beside their aims. Exits with 1 if one is missed."""
import json
import sys

AIMS = {  # F1: persons, households, exclusion, overlap, inclusion, person twice, household twice in a list
    "usual": ("usual damage", 0.9995, 0.999, 0.998, 0.998, 0.996, 0.985, 0.985),
    "twice": ("twice the damage", 0.9995, 0.998, 0.996, 0.996, 0.993, 0.975, 0.975),
    "older": ("target list two years older", 0.9995, 0.997, 0.996, 0.996, 0.988, 0.98, 0.98),
}
FLAGS = ["EXCLUSION", "OVERLAP", "INCLUSION", "DUP_PERSON_IN_LIST", "DUP_HOUSEHOLD_IN_LIST"]
HEADS = ["persons", "households", "exclusion", "overlap", "inclusion", "person 2x", "household 2x"]

missed = 0
print(f"{'':30}" + "".join(f"{head:>14}" for head in HEADS))
for name, (title, *aims) in AIMS.items():
    with open(f"{sys.argv[1]}/{name}.json") as f:
        result = json.load(f)
    found = [result["persons"]["f1"], result["households"]["f1"]] + [result["flags"][kind]["f1"] for kind in FLAGS]
    marks = ["" if f1 >= aim else " <" for f1, aim in zip(found, aims)]
    missed += sum(map(bool, marks))
    print(f"{title:30}" + "".join(f"{f1:>12.4f}{mark:2}" for f1, mark in zip(found, marks)))
    print(f"{'  aim':30}" + "".join(f"{aim:>12.4f}  " for aim in aims))

print(f"\n{'certainty of flags':30}{'flags':>12}{'mean said':>12}{'right':>12}")
for name, (title, *_) in AIMS.items():
    with open(f"{sys.argv[1]}/{name}.json") as f:
        tenths = json.load(f).get("calibration", [])
    for tenth in tenths:
        print(f"{title + ', from ' + format(tenth['from'], '.1f'):30}{tenth['flags']:>12}{tenth['certainty']:>12.3f}{tenth['right']:>12.3f}")
sys.exit(1 if missed else 0)
