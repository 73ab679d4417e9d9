#!/usr/bin/env python3
"""Picks flags of the demo to show in full, with the true answer beside each.

    examples.py DISTRICT_DIR RESULT_DIR

Prints a line per example: the flag's number, a tab, and the true answer in words. One of each kind that has a truth, and
one that is wrong if there is any: a demo that shows only its successes teaches nothing. Standard library only.
"""
import csv
import os
import sys

RIGHT = {
    "EXCLUSION": "benar, keluarga ini memang tidak menerima apa pun",
    "INCLUSION": "benar, keluarganya memang tidak ada di daftar sasaran",
    "OVERLAP": "benar, keluarga ini memang menerima kedua program",
    "DUP_PERSON_IN_LIST": "benar, memang orang yang sama dua kali",
    "DUP_HOUSEHOLD_IN_LIST": "benar, memang dua anggota satu keluarga",
    "BARRED": "benar, orangnya memang ada di daftar acuan itu",
}


def read(path):
    with open(path, newline="", encoding="utf-8-sig") as f:
        return list(csv.DictReader(f))


def main():
    district, result = sys.argv[1:]
    household, person = {}, {}
    for r in read(os.path.join(district, "truth_entries.csv")):
        person[r["list"], r["row"]] = r["person_id"]
        household[r["list"], r["row"]] = r["household_id"]
    truth = set()
    for f in read(os.path.join(district, "truth_flags.csv")):
        at = f["list"], f["row"]
        truth.add((f["kind"], *at))
        truth.add((f["kind"], f["list"], "household", household.get(at)))
        truth.add((f["kind"], f["list"], "person", person.get(at)))
    shown, wrong = set(), False
    for f in read(os.path.join(result, "flags.csv")):
        kind, at = f["kind"], (f["list"], f["row"])
        if kind not in RIGHT:
            continue
        grouped = {"EXCLUSION": ("household", household.get(at)), "DUP_HOUSEHOLD_IN_LIST": ("household", household.get(at)),
                   "DUP_PERSON_IN_LIST": ("person", person.get(at))}.get(kind)
        right = (kind, *at) in truth or bool(grouped) and (kind, f["list"], *grouped) in truth
        if right and kind not in shown:
            shown.add(kind)
            print(f["flag"], RIGHT[kind], sep="\t")
        elif not right and not wrong:
            wrong = True
            print(f["flag"], "SALAH: temuan ini keliru; karena itu manusia yang memutuskan", sep="\t")


main()
