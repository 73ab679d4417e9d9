#!/usr/bin/env python3
"""An office's own system that speaks SQL: turns an office's file into what psql needs to fill `intake`.

    office_system.py FILE PROGRAMME PERIOD > commands.sql

Standard library only. The office knows its own file (here: comma-separated, Windows-1252, titles above the header).
"""
import csv
import sys


def literal(cells):
    """A text[] literal, quoted for SQL."""
    quoted = ",".join('"' + c.replace("\\", "\\\\").replace('"', '\\"') + '"' for c in cells)
    return "'{" + quoted.replace("'", "''") + "}'"


def main():
    path, programme, period = sys.argv[1:]
    with open(path, newline="", encoding="cp1252") as f:
        rows = [(number, row) for number, row in enumerate(csv.reader(f), 1) if any(c.strip() for c in row)]
    start = next(i for i, (_, row) in enumerate(rows) if sum(1 for c in row if c.strip()) > 5)
    header = rows[start][1]
    print("BEGIN;")
    print(f"INSERT INTO intake.list (programme, period, header, name) VALUES ('{programme}', '{period}', "
          f"{literal(header)}, 'sistem dinas') RETURNING id \\gset")
    for number, row in rows[start + 1:]:
        if any(c.strip().lower() in ("total", "jumlah") for c in row): # below the list: nobody's row
            continue
        print(f"INSERT INTO intake.row (list, line, cells) VALUES (:id, {number}, {literal(row)});")
    print("SELECT state, message FROM intake.close_list(:id);")
    print("COMMIT;")


main()
