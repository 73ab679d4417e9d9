"""Fills in the first row of a sheet's workbook, as a person at a door would: fill_sheet.py BOOK.xlsx RESULT NOTE"""
import re
import shutil
import sys
import xml.etree.ElementTree as ET
import zipfile

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of(cell, shared):
    if cell.get("t") == "s":
        return shared[int(cell.findtext(NS + "v"))]
    return "".join(t.text or "" for t in cell.iter(NS + "t")) or cell.findtext(NS + "v") or ""


def put(row, column, text):
    number = row.get("r")
    cell = next((c for c in row if re.sub(r"\d", "", c.get("r")) == column), None)
    if cell is None:
        cell = ET.SubElement(row, NS + "c", {"r": column + number})
        row[:] = sorted(row, key=lambda c: (len(c.get("r")), c.get("r")))
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    ET.SubElement(ET.SubElement(cell, NS + "is"), NS + "t").text = text


def main(path, result, note):
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    ET.register_namespace("", NS[1:-1])
    shared = ["".join(t.text or "" for t in si.iter(NS + "t")) for si in ET.fromstring(parts["xl/sharedStrings.xml"])] if "xl/sharedStrings.xml" in parts else []
    for name in sorted(n for n in parts if n.startswith("xl/worksheets/sheet")):
        sheet = ET.fromstring(parts[name])
        columns = None
        for row in sheet.iter(NS + "row"):
            cells = {re.sub(r"\d", "", c.get("r")): text_of(c, shared) for c in row}
            if columns is None:
                if any(text.startswith("Hasil") for text in cells.values()):
                    columns = {text.split(" (")[0]: column for column, text in cells.items()}
                continue
            if cells.get(columns["No. Temuan"], "").isdigit():
                put(row, columns["Hasil"], result)
                put(row, columns["Keterangan"], note)
                parts[name] = ET.tostring(sheet, encoding="utf-8", xml_declaration=True)
                with zipfile.ZipFile(path + ".new", "w", zipfile.ZIP_DEFLATED) as book:
                    for part, contents in parts.items():
                        book.writestr(part, contents)
                shutil.move(path + ".new", path)
                return
    sys.exit("no row to fill in")


main(*sys.argv[1:])
