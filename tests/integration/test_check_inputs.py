"""padan check, dedupe and link as their user meets them: every kind of input that is refused, mended or set aside; the rows that
are counted; what stands in the outputs; and that nothing is written when anything is wrong. Needs no database."""
import csv
import datetime
import io
import json
import os
import signal
import shutil
import subprocess
import tempfile
import time
import unittest
import zipfile

PADAN = os.path.join(os.environ.get("PADAN_BIN", "build/debug"), "padan")
csv.field_size_limit(1 << 24)
OUTPUTS = ["doubtful.csv", "entries.csv", "flags.csv", "rejects.csv", "summary.json"]
CONFIG = """[district]
code = 15.05
name = Kabupaten Muaro Jambi
[office dinsos]
name = Dinas Sosial
[programme pkh]
name = Program Keluarga Harapan
office = dinsos
unit = household
[reference asn]
name = ASN aktif
[rule no-asn]
kind = barred_by
reference = asn
programmes = pkh
level = household
valid_from = 2021-01-01
severity = medium
"""
# Canaries: they stand in the inputs, and never in what is said on a terminal or in an error.
CANARY_NIK, CANARY_KK, CANARY_NAME = "1505014107809876", "1505010101019876", "ZULKARNAENWATI"
HEADER = "nik,no_kk,nama,tgl_lahir,jk,alamat,desa\n"
CANARY_ROW = CANARY_NIK + "," + CANARY_KK + "," + CANARY_NAME + ",01-07-1980,P,JL KENANGA,SENGETI\n"


def person(i):
    return "150501%02d%02d%02d%04d,15050101010%05d,%s %s,%02d-%02d-19%02d,%s,JL MAWAR %d,SENGETI\n" % (
        i % 28 + 1, i % 12 + 1, i % 50 + 40, i % 7 + 1, i // 3, ("SLAMET", "BUDI", "AGUS", "HENDRA", "JOKO")[i % 5],
        ("RIYADI", "HARTONO", "SALIM", "GUNAWAN", "SUSILO", "SAPUTRA", "TABUTI")[i % 7], i % 28 + 1, i % 12 + 1, i % 50 + 40, "L", i)


def people(n, canary=True):
    return HEADER + (CANARY_ROW if canary else "") + "".join(person(i) for i in range(n))


DATE_STYLES = "<cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"


def workbook(sheets, extra=(), hidden=(), from_1904=False, merged="", zip64=False):
    """An xlsx of [(name, rows)] by hand; a cell is a text, a number, a datetime.date, or ("formula", "cached value"). hidden: names of
    sheets; merged: ranges of the first one."""
    def cell(value):
        if isinstance(value, datetime.date):
            return "<c s='1'><v>%d</v></c>" % (value - (datetime.date(1904, 1, 1) if from_1904 else datetime.date(1899, 12, 30))).days
        if isinstance(value, tuple):
            return "<c t='str'><f>%s</f><v>%s</v></c>" % value
        if isinstance(value, (int, float)):
            return "<c><v>%s</v></c>" % value
        return "<c t='inlineStr'><is><t>%s</t></is></c>" % value
    main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    ids = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", "<workbook %s xmlns:r='%s'><workbookPr%s/><sheets>%s</sheets></workbook>" % (
            main, ids, " date1904='1'" if from_1904 else "", "".join(
                "<sheet name='%s' sheetId='%d'%s r:id='r%d'/>" % (name, i, " state='hidden'" if name in hidden else "", i)
                for i, (name, _) in enumerate(sheets, 1))))
        z.writestr("xl/styles.xml", "<styleSheet %s>%s</styleSheet>" % (main, DATE_STYLES))
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
                   "<Relationship Id='rs' Type='%s/styles' Target='styles.xml'/>%s</Relationships>" % (ids, "".join(
                       "<Relationship Id='r%d' Type='%s/worksheet' Target='worksheets/sheet%d.xml'/>" % (i, ids, i)
                       for i in range(1, len(sheets) + 1))))
        for i, (_, rows) in enumerate(sheets, 1):
            merges = "".join("<mergeCell ref='%s'/>" % r for r in merged.split()) if i == 1 else ""
            with z.open("xl/worksheets/sheet%d.xml" % i, "w", force_zip64=zip64) as sheet:
                sheet.write(("<worksheet %s><sheetData>%s</sheetData>%s</worksheet>" % (main, "".join(
                    "<row>%s</row>" % "".join(map(cell, row)) for row in rows),
                    merges and "<mergeCells>%s</mergeCells>" % merges)).encode())
        for name, contents in extra:
            z.writestr(name, contents)
    return memory.getvalue()


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan inputs ")
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.config = self.file("kabupaten.conf", CONFIG)
        self.out = os.path.join(self.root, "hasil")

    def file(self, name, contents):
        path = os.path.join(self.root, name)
        with open(path, "wb") as f:
            f.write(contents if isinstance(contents, bytes) else contents.encode())
        return path

    def path(self, name):
        return os.path.join(self.root, name)

    def padan(self, *words, status=0, lang="en", **more):
        done = subprocess.run([PADAN, *words, "--lang", lang], capture_output=True, text=True, errors="replace", timeout=120, **more)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        for canary in (CANARY_NIK, CANARY_KK, CANARY_NAME):
            self.assertNotIn(canary, done.stderr)
            if words[0] == "check":
                self.assertNotIn(canary, done.stdout)
        if status:
            self.assertRegex(done.stderr, "(?m)^padan %s: " % words[0])
            self.assertEqual(done.stdout, "")
        return done

    def rows(self, path):
        with open(path, newline="", encoding="utf-8") as f:
            return list(csv.DictReader(f))

    def text(self, path):
        with open(path, "rb") as f:
            return f.read()

    def check(self, target, *more, status=0, out=None, **options):
        return self.padan("check", "--config", self.config, "--target", target, *more, "--out", out or self.out,
                          status=status, **options)

    def entries(self, name="target"):
        return [row for row in self.rows(os.path.join(self.out, "entries.csv")) if row["list"] == name]

    def summary(self):
        with open(os.path.join(self.out, "summary.json"), encoding="utf-8") as f:
            return json.load(f)


class Refusals(Case):
    """A file that can't be a list: exit status 3, its name in the message, and not one output."""

    def bad_files(self):
        zipped = workbook([("S", [["nik", "nama"]])])
        yield "kosong.csv", b""
        yield "hanya baris kosong.csv", b"\n\n  \n"
        yield "hanya NUL.csv", b"\0" * 5000
        yield "buku rusak.xlsx", zipped[:len(zipped) // 2]
        yield "bukan buku.xlsx", b"PK\x03\x04" + b"x" * 300
        yield "lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        yield "surat.pdf", b"%PDF-1.7\n" + b"x" * 300
        yield "satu juta kolom.csv", b"nik,nama," + b",".join(b"k%d" % i for i in range(1000000)) + b"\n1,A\n"
        yield "judul 20 MB.csv", b"nama," + b"x" * 20000000 + b"\nA,1\n"

    def test_refused_whole_and_nothing_written(self):
        good = self.file("baik.csv", people(3))
        folder = self.path("sebuah folder")
        os.mkdir(folder)
        bad = [self.file(name, contents) for name, contents in self.bad_files()]
        bad += [folder, self.path("tidak ada.csv"), os.path.join(good, "di bawah berkas.csv")]
        for path in bad:
            name = os.path.basename(path)
            outputs = [self.path("o.csv"), self.path("p.csv"), self.path("s.json"), self.path("m.txt")]
            words = ["--out", outputs[0], "--pairs", outputs[1], "--stats", outputs[2], "--save-model", outputs[3]]
            for done in (self.padan("dedupe", path, *words, status=3), self.padan("link", good, path, *words, status=3),
                         self.check(path, status=3), self.check(good, "--list", "pkh=" + path, status=3)):
                self.assertEqual(done.stderr.count(name), 1, done.stderr)
                self.assertLess(len(done.stderr), 2000)
            for output in outputs + [self.out]:
                self.assertFalse(os.path.exists(output), (name, output))

    def test_lists_without_names_or_header_are_refused_by_check(self):
        good = self.file("baik.csv", people(3))
        for name, contents in (("tanpa nama.csv", "tanggal,jumlah\n2024-01-01,5\n"), ("tanpa judul.csv", CANARY_ROW + person(1) + person(2)),
                               ("surat.txt", "Yang terhormat,\n\nBersama ini kami kirim daftar.\n\nSalam\n")):
            done = self.check(self.file(name, contents), status=3)
            self.assertIn(name, done.stderr)
            self.assertEqual(done.stderr.count(name), 1, done.stderr)
            self.check(good, "--list", "pkh=" + self.path(name), status=3)
            self.assertFalse(os.path.exists(self.out))
        done = self.padan("dedupe", self.path("tanpa judul.csv"), "--out", self.path("o.csv"), status=3)
        self.assertIn("tanpa judul.csv: the header row is missing", done.stderr)

    def test_says_what_it_is_and_what_to_do(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        good = self.file("baik.csv", people(3))
        for contents, words in (
                (b"\0" * 5000, "nothing but NUL bytes"),
                (ole, "old Office file"),
                (ole + "Workbook".encode("utf-16-le"), "old Excel file"),
                (ole + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
                (b"%PDF-1.7\n" + b"x" * 300, "PDF"),
                ("\n".join("%-18d%-30sSENGETI" % (i, "NAMA" * 3) for i in range(9)), "A single column"),
                ("alfa;beta;gama\n" + "x;y;z\n" * 9, "None of the 3")):
            done = self.check(good, "--list", "pkh=" + self.file("apa ini.csv", contents), status=3)
            self.assertIn(words, done.stderr)

    def test_what_was_there_stays(self):
        old = self.file("orang.csv", "lama")
        bad = self.file("kosong.csv", "")
        self.padan("dedupe", bad, "--out", old, status=3)
        self.assertEqual(self.text(old), b"lama")
        os.mkdir(self.out)
        for name in OUTPUTS + ["catatan.txt"]:
            self.file(os.path.join("hasil", name), "lama " + name)
        self.check(bad, status=3)
        self.assertEqual(sorted(os.listdir(self.out)), sorted(OUTPUTS + ["catatan.txt"]))
        for name in OUTPUTS:
            self.assertEqual(self.text(os.path.join(self.out, name)), ("lama " + name).encode())
        self.check(self.file("baik.csv", people(3)))
        self.assertEqual(sorted(os.listdir(self.out)), sorted(OUTPUTS + ["catatan.txt"]))
        self.assertNotIn(b"lama", self.text(os.path.join(self.out, "entries.csv")))

    def test_outputs_that_cannot_be_written(self):
        good = self.file("baik.csv", people(3))
        nowhere = self.path("tiada/orang.csv")
        for option in ("--out", "--pairs", "--stats", "--save-model"):
            done = self.padan("dedupe", good, option, nowhere, status=4)
            self.assertIn("tiada/orang.csv", done.stderr)
        self.assertIn("tiada", self.check(good, status=4, out=self.path("tiada/hasil")).stderr)
        self.assertIn("baik.csv", self.check(good, status=4, out=good).stderr)
        self.assertEqual(sorted(os.listdir(self.root)), ["baik.csv", "kabupaten.conf"])
        if os.path.exists("/dev/full"):
            self.padan("dedupe", good, "--out", "/dev/full", status=4)

    def test_why_two_rows_are_one_person_or_not(self):
        path = self.file("orang.csv", "id,nama,nik,lahir\nx1,SITI AMINAH,1505014909730002,1973-09-09\nx2,Siti Aminah,1505014909730002,09/09/1973\n"
                         "x3,BUDI HARTONO,1505010505700004,1970-05-05\n")
        done = self.padan("dedupe", path, "--explain", "x1", "--explain", "x3")
        self.assertIn("Two persons: what differs outweighs what agrees.", done.stdout)
        self.assertIn("SITI AMINAH", done.stdout)
        self.assertNotIn("cluster_id", done.stdout)
        done = self.padan("dedupe", path, "--explain", "x1", "--out", self.path("o.csv"), lang="id")
        self.assertRegex(done.stdout, r"x1  \+  x2   \(\+\d+,\d\)")
        self.assertTrue(os.path.exists(self.path("o.csv")))
        done = self.padan("link", path, path, "--explain", "a:x1", "--explain", "b:x2")
        self.assertIn("One person", done.stdout)
        for words in (["--explain", "x9"], ["--explain", "x1", "--explain", "x1"], ["--explain", "x1"] * 3):
            self.padan("dedupe", path, *words, status=2)
        rows = people(3)
        done = self.check(self.file("sasaran.csv", rows), "--list", "pkh=" + self.file("pkh.csv", rows), "--explain", "target:2", "--explain", "pkh:2")
        self.assertIn("One person", done.stdout)
        self.assertIn("••", done.stdout)
        self.check(self.path("sasaran.csv"), "--explain", "target:99", status=2)

    def test_usage(self):
        good = self.file("baik.csv", people(3))
        for words in (["dedupe"], ["dedupe", good, good], ["link", good], ["dedupe", good, "--as", "nama"], ["dedupe", good, "--as", "nama=bunga"],
                      ["dedupe", good, "--as", "tiada=name"], ["dedupe", good, "--id", "tiada"], ["dedupe", good, "--threshold", "1.5"],
                      ["dedupe", good, "--threshold", "x"], ["dedupe", good, "--threads", "0"], ["dedupe", good, "--one-to-one"],
                      ["check", "--target", good, "--out", self.out], ["check", "--config", self.config, "--out", self.out],
                      ["check", "--config", self.config, "--target", good]):
            done = self.padan(*words, status=2)
            self.assertGreater(len(done.stderr), 25)
        for more in (["--list", "pkh"], ["--list", "tiada=" + good], ["--list", "pkh@2024-13=" + good], ["--list", "pkh@besok=" + good],
                     ["--reference", "pkh=" + good], ["--list", "pkh=" + good, "--list", "pkh=" + good], ["--target-period", "kemarin"]):
            self.check(good, *more, status=2)
        self.assertFalse(os.path.exists(self.out))

    def test_configuration_faults_name_their_line(self):
        good = self.file("baik.csv", people(3))
        for text in (CONFIG.replace("office = dinsos", "office = tiada"), CONFIG.replace("unit = household", "unit = kampung"),
                     CONFIG + "[rule x]\nkind = bunga\nprogrammes = pkh\nvalid_from = 2021-01-01\n", CONFIG + "bunga = mawar\n", "bunga"):
            self.config = self.file("salah.conf", text)
            self.assertRegex(self.check(good, status=3).stderr, r"salah\.conf.*\d", text)
        self.config = self.path("tiada.conf")
        self.assertIn("tiada.conf", self.check(good, status=3).stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_interruption_leaves_nothing(self):
        big = self.file("besar.csv", people(60000))
        os.mkdir(self.out)
        for command in (["dedupe", big, "--out", self.path("o.csv"), "--pairs", self.path("p.csv")],
                        ["check", "--config", self.config, "--target", big, "--out", self.out],
                        ["check", "--config", self.config, "--target", big, "--out", self.path("baru")]):
            for sign, pause in ((signal.SIGINT, 0.3), (signal.SIGTERM, 0.8)):
                self.interrupt(command, sign, pause)
                self.assertEqual(os.listdir(self.out), [])
                self.assertEqual(sorted(os.listdir(self.root)), ["besar.csv", "hasil", "kabupaten.conf"])

    def interrupt(self, command, sign, pause):
        """Interrupts the command after a while; one that was done by then is begun again and interrupted sooner."""
        while True:
            # A shell ignores SIGINT for what it runs in the background, these tests perhaps: padan would inherit that.
            run = subprocess.Popen([PADAN, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            time.sleep(pause)
            run.send_signal(sign)
            if run.wait(timeout=120) != 0:
                return
            self.assertGreater(pause, 0.01, "was never interrupted")
            pause /= 2
            for left in ("o.csv", "p.csv"):
                if os.path.exists(self.path(left)):
                    os.remove(self.path(left))
            shutil.rmtree(self.path("baru"), ignore_errors=True)
            for name in os.listdir(self.out):
                os.remove(os.path.join(self.out, name))


class Rows(Case):
    """What counts as a row, and which rows are set aside."""

    def test_titles_empties_totals_and_signatures_are_no_rows(self):
        header = HEADER.replace(",", ";")
        body = [person(i).replace(",", ";") for i in range(3)]
        target = self.file("sasaran.csv", "DAFTAR PENERIMA MANFAAT;;;;;;\nKabupaten Muaro Jambi, Juli 2024;;;;;;\n;;;;;;\n" + header + body[0] +
                           "\n;;;;;;\n" + body[1] + ";;;;;;\n" + CANARY_NIK + ";;;01-07-1980;P;;SENGETI\n" + body[2] + "JUMLAH;;;;;;3\n" +
                           ";;;;Sengeti, 12 Juli 2024;;\n;;;;Kepala Desa;;\n")
        self.check(target)
        self.assertEqual([row["row"] for row in self.entries()], ["1", "2", "3", "4"])
        self.assertEqual([bool(row["person_id"]) for row in self.entries()], [True, True, False, True])
        rejects = self.rows(os.path.join(self.out, "rejects.csv"))
        self.assertEqual([(x["list"], x["row"], x["line"]) for x in rejects], [("target", "3", "10")])
        self.assertIn(CANARY_NIK, rejects[0]["cells"])
        self.assertNotIn(CANARY_NIK, rejects[0]["reason"])
        self.assertEqual(self.summary()["rows"], {"read": 4, "accepted": 3, "rejected": 1})

    def test_damaged_values_are_accepted_and_flagged(self):
        target = self.file("sasaran.csv", HEADER + "1.50501E+15,-,BUDI,31-02-1980,X,-,NEGERI ANTAH\n12,0,SITI,besok,,,\n")
        self.check(target)
        self.assertEqual(self.summary()["rows"], {"read": 2, "accepted": 2, "rejected": 0})
        flags = self.rows(os.path.join(self.out, "flags.csv")) + self.rows(os.path.join(self.out, "doubtful.csv"))
        self.assertIn("DATA_QUALITY", {flag["kind"] for flag in flags})

    def test_bad_rows_are_set_aside_with_their_lines(self):
        rows = [person(i) for i in range(6)]
        target = self.file("sasaran.csv", HEADER + rows[0] + rows[1].replace("\n", ",lebih,lagi\n") + '"tidak ditutup,' + rows[2] + rows[3] +
                           CANARY_NIK + ",," + "x" * 1048577 + ",,,,\n" + rows[4] + "satu,dua\n" + rows[5])
        self.check(target)
        summary, rejects = self.summary()["rows"], self.rows(os.path.join(self.out, "rejects.csv"))
        self.assertEqual(summary["read"], 8)
        self.assertEqual(summary["accepted"] + summary["rejected"], 8)
        self.assertEqual([row["row"] for row in self.entries()], [str(i) for i in range(1, 9)])
        self.assertIn("6", [x["line"] for x in rejects])  # the cell of 1 MB
        for x in rejects:
            self.assertEqual(int(x["line"]), int(x["row"]) + 1)
            self.assertIn(x["line"], x["reason"])
            self.assertNotIn(CANARY_NIK, x["reason"])
        for good in ("1", "4", "6", "8"):
            self.assertNotIn(good, [x["row"] for x in rejects])

    def test_encodings_and_line_ends_read_the_same(self):
        text = people(12).replace("AGUS", "ANDRÉ")
        forms = {"utf8": text.encode(), "bom": b"\xef\xbb\xbf" + text.encode(), "windows": text.encode("cp1252"),
                 "utf16": text.encode("utf-16"), "utf16be": b"\xfe\xff" + text.encode("utf-16-be"), "crlf": text.replace("\n", "\r\n").encode(),
                 "titik koma": text.replace(",", ";").encode(), "tab": text.replace(",", "\t").encode(), "nul": text.replace("JL", "J\0L").encode(),
                 "campur": text.replace("\n", "\r\n", 5).encode(), "tanpa akhir": text[:-1].encode()}
        results = {}
        for name, contents in forms.items():
            path = self.file(name + ".csv", contents)
            self.check(path)
            self.padan("dedupe", path, "--out", self.path("o.csv"))
            results[name] = (self.text(os.path.join(self.out, "entries.csv")), self.text(self.path("o.csv")))
            self.assertEqual(len(self.entries()), 13, name)
        for name in results:
            if name != "nul":
                self.assertEqual(results[name], results["utf8"], name)

    def test_header_only_is_a_list_of_nobody(self):
        target = self.file("sasaran.csv", people(3))
        empty = self.file("judul saja.csv", HEADER)
        self.check(target, "--list", "pkh=" + empty)
        self.assertEqual(self.summary()["rows"]["read"], 4)
        flags = self.rows(os.path.join(self.out, "flags.csv"))
        self.assertEqual({flag["kind"] for flag in flags if flag["list"] == "target"} - {"DATA_QUALITY"}, {"EXCLUSION"})
        self.padan("dedupe", empty, "--out", self.path("o.csv"))
        self.assertEqual(self.text(self.path("o.csv")), b"id,cluster_id\n")
        self.padan("link", empty, target, "--out", self.path("o.csv"))
        self.assertEqual(len(self.rows(self.path("o.csv"))), 4)

    def test_ten_thousand_columns(self):
        wide = HEADER[:-1] + ",".join([""] + ["k%d" % i for i in range(9993)]) + "\n" + person(1)[:-1] + "," * 9993 + "\n" + person(2)
        for path in (self.file("lebar.csv", wide), self.file("terlalu lebar.csv", wide.replace("nik,", "a,b,c,nik,", 1))):
            for verb, words in (("dedupe", [path, "--out", self.path("o.csv")]),
                                ("check", ["--config", self.config, "--target", path, "--out", self.out])):
                done = subprocess.run([PADAN, verb, *words, "--lang", "en"], capture_output=True, text=True, timeout=60)
                self.assertIn(done.returncode, (0, 3), done.stderr)
                if done.returncode:
                    self.assertIn("delimiter", done.stderr)

    def test_workbooks(self):
        head = HEADER.strip().split(",")
        body = [person(i).strip().split(",") for i in range(4)]
        body[1][0] = int(body[1][0])  # a number loses the 16th digit
        body[2][2] = ("CONCATENATE(&quot;JOKO&quot;,&quot; SUSILO&quot;)", "JOKO SUSILO")
        sheets = [("Data", [["DAFTAR PENERIMA"], head] + body[:2]), ("Lanjutan", [head] + body[2:]), ("Catatan", [["Dibuat oleh Dinas"]])]
        self.check(self.file("sasaran.xlsx", workbook(sheets)))
        self.assertEqual([row["row"] for row in self.entries()], ["1", "2", "3", "4"])
        for extra in (("../../keluar.txt", "x"), ("xl/sharedStrings.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><sst>&b;</sst>"),
                      ("xl/sharedStrings.xml", "<sst>" + "<si><t>" + "a" * 50000000 + "</t></si></sst>")):
            path = self.file("bom.xlsx", workbook(sheets, [extra]))
            done = subprocess.run([PADAN, "check", "--config", self.config, "--target", path, "--out", self.path("lain")], capture_output=True,
                                  text=True, timeout=60)
            self.assertIn(done.returncode, (0, 3), done.stderr)
            self.assertFalse(os.path.exists(self.path("lain")) and done.returncode == 3)
            self.assertFalse(os.path.exists(os.path.join(os.path.dirname(self.root), "keluar.txt")))

    def test_workbooks_of_every_kind(self):
        """Days from 1904, zip64, hidden sheets, merged cells: the same people as in the CSV, told by their clusters."""
        head = ["nik", "nama", "tgl_lahir", "jk", "desa"]
        rows = [["", "SLAMET RIYADI", datetime.date(1980, 7, 1 + i), "L", "SENGETI"] for i in range(6)]
        plain = self.file("a.csv", "\n".join(",".join(map(str, row)) for row in [head] + rows) + "\n")
        self.padan("dedupe", plain, "--out", self.path("o.csv"), "--save-model", self.path("m.txt"))
        merged = [row[:4] + (["SENGETI"] if i == 0 else [""]) for i, row in enumerate(rows)]
        for name, book in (("1900.xlsx", workbook([("S", [head] + rows)])), ("1904.xlsx", workbook([("S", [head] + rows)], from_1904=True)),
                           ("zip64.xlsx", workbook([("S", [head] + rows)], zip64=True)),
                           ("tersembunyi.xlsx", workbook([("Lama", [head] + rows[:2]), ("S", [head] + rows)], hidden=("Lama",))),
                           ("gabung.xlsx", workbook([("S", [["DAFTAR", "", "", "", ""], head] + merged)], merged="A1:E1 E3:E8"))):
            path = self.file(name, book)
            self.padan("link", plain, path, "--model", self.path("m.txt"), "--one-to-one", "--out", self.path("o.csv"))
            clusters = [row["cluster_id"] for row in self.rows(self.path("o.csv"))]
            self.assertEqual(clusters[6:], clusters[:6], name)
            self.assertEqual(len(set(clusters)), 6, name)
            self.check(path)
            self.assertEqual(len(self.entries()), 6, name)
        locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
        for verb in ("dedupe", "check"):
            path = self.file("terkunci.xlsx", locked)
            done = self.padan("dedupe", path, status=3) if verb == "dedupe" else self.check(path, status=3)
            self.assertIn("password", done.stderr)

    def test_a_quote_left_open_costs_one_line(self):
        lines = people(2000, canary=False).splitlines(True)
        lines[40] = lines[40].replace("JL MAWAR", '"JL MAWAR')
        path = self.file("kutip.csv", "".join(lines) * 1)
        self.check(path)
        summary = self.summary()["rows"]
        self.assertEqual((summary["read"], summary["rejected"]), (2000, 1))
        reject = self.rows(os.path.join(self.out, "rejects.csv"))[0]
        self.assertEqual(reject["line"], "41")
        self.assertIn("quote", reject["reason"])

    def test_villages_of_another_province(self):
        """Codes and names of a district that the program does not have, from the file that the configuration names."""
        config = self.file("minahasa.conf", CONFIG.replace("15.05", "71.02").replace("Muaro Jambi", "Minahasa") + "[villages]\nfile = desa.csv\n")
        self.file("desa.csv", "Kode Desa;Nama Desa;Nama Kecamatan\n71.02.01.2001;Tonsea Lama;Tondano Utara\n71.02.01.2002;Sumalangka;"
                  "Tondano Utara\n71.03.01.2001;Manganitu;Manganitu\n")
        rows = [person(i).replace("SENGETI", ("TONSEA LAMA", "TONSEALAMA", "71.02.01.2002", "TONSEA LAMMA")[i % 4]) for i in range(8)]
        target = self.file("sasaran.csv", HEADER + "".join(rows))
        pkh = self.file("pkh.csv", HEADER + person(50).replace("SENGETI", "SUMALANGKA"))
        self.padan("check", "--config", config, "--target", target, "--list", "pkh=" + pkh, "--out", self.out)
        self.assertEqual(len(self.entries()), 8)
        explained = " ".join(flag["explanation"] for flag in self.rows(os.path.join(self.out, "flags.csv")))
        self.assertIn("Tonsea Lama", explained)
        self.assertNotIn("TONSEALAMA", explained)
        for text, says in (("Kode Desa;Nama Desa;Nama Kecamatan\n15.05.01.2001;A;B\n", "no village of district 71.02"),
                           ("Kode Desa;Nama Desa;Nama Kecamatan\n7102;A;B\n", "ten digits"), ("a;b\n1;2\n", "kode, desa and kecamatan")):
            self.file("desa.csv", text)
            done = self.padan("check", "--config", config, "--target", target, "--out", self.path("lain"), status=3)
            self.assertIn(says, done.stderr)

    def test_formulas_stay_text(self):
        target = self.file("sasaran.csv", HEADER + "=1+1,,,,,@SUM(A1),\n" + person(1).replace("HARTONO", "=cmd|'/c calc'!A1"))
        self.check(target)
        for name in ("rejects.csv", "flags.csv", "doubtful.csv"):
            for row in self.rows(os.path.join(self.out, name)):
                for cell in row.values():
                    self.assertNotRegex(cell or "", r"^[=+@\t-](?![\d.]*$)")


class Outputs(Case):
    """dedupe and link: every row once, keys, options, the same bytes whatever the number of threads."""

    def test_every_row_once_in_order(self):
        text = people(40) + person(3) + person(5).replace("AGUS", "AGUZ")
        path = self.file("a.csv", text)
        done = self.padan("dedupe", path)
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([row["id"] for row in rows], [str(i) for i in range(1, 44)])
        cluster = {row["id"]: row["cluster_id"] for row in rows}
        self.assertEqual(cluster["5"], cluster["42"])
        self.assertNotEqual(cluster["5"], cluster["6"])

    def test_whatever_import_reads(self):
        """Titles, delimiters, encodings, totals and workbooks: the same people, the same clusters."""
        body = [person(i).strip() for i in range(12)] + [person(3).strip()]
        head = HEADER.strip()
        wide = "," * head.count(",")
        plain = self.file("a.csv", "\n".join([head] + body) + "\n")
        titled = "\n".join(["DAFTAR PENERIMA" + wide, "Desa Sengeti" + wide, wide, head] + body[:5] + ["JUMLAH,5" + wide[1:]] + body[5:] +
                           ["TOTAL,13" + wide[1:], wide + "Mengetahui:", wide + "Kepala Desa", wide + "BUDI"]) + "\n"
        cells = [row.split(",") for row in body]
        cells[1][0] = int(cells[1][0][:15] + "0")
        book = workbook([("Sampul", [["Dibuat oleh Dinas"]]), ("Satu", [["DAFTAR"], head.split(",")] + cells[:6]),
                         ("Dua", [list(reversed(head.split(",")))] + [list(reversed(row)) for row in cells[6:]] + [["", "", "", "", "", "13", "JUMLAH"]])])
        files = [plain, self.file("b.csv", titled.replace(",", ";")), self.file("c.txt", titled.replace(",", "\t").encode("utf-16")),
                 self.file("d.csv", titled.replace("JL MAWAR", "JL MÉLATI").replace(",", "|").encode("cp1252")), self.file("e.xlsx", book)]
        self.padan("dedupe", plain, "--out", self.path("o.csv"), "--save-model", self.path("m.txt"))
        expected = self.text(self.path("o.csv"))
        self.assertEqual(expected.count(b"\n"), 14)
        for path in files[1:]:
            for threads in ("1", "3"):
                self.padan("dedupe", path, "--threads", threads, "--model", self.path("m.txt"), "--out", self.path("o.csv"))
                self.assertEqual(self.text(self.path("o.csv")), expected, path)
        self.padan("link", files[4], files[1], "--model", self.path("m.txt"), "--out", self.path("o.csv"))
        self.assertEqual(len(self.rows(self.path("o.csv"))), 26)
        other = workbook([("Satu", [head.split(",")] + cells[:6]), ("Lain", [["nama", "umur"], ["BUDI", "3"]])])
        done = self.padan("dedupe", self.file("f.xlsx", other), status=3)
        self.assertIn('"Lain"', done.stderr)

    def test_keys(self):
        rows = [person(i) for i in range(20)]
        a = self.file("a.csv", "rec_id," + HEADER + "".join("k%d,%s" % (i, row) for i, row in enumerate(rows[:12])) + ',' + rows[12])
        b = self.file("b.csv", "rec_id," + HEADER + "".join('k%d,%s' % (i, row) for i, row in enumerate(rows[8:], 10)) + '"=x, ""y""",' + rows[0])
        done = self.padan("link", a, b, "--out", self.path("o.csv"), "--pairs", self.path("p.csv"))
        ids = [row["id"] for row in self.rows(self.path("o.csv"))]
        self.assertEqual(ids, ["k%d" % i for i in range(10)] + ["a:k10", "a:k11", "13", "b:k10", "b:k11"] +
                         ["k%d" % i for i in range(12, 22)] + ['=x, "y"'])
        cluster = {row["id"]: row["cluster_id"] for row in self.rows(self.path("o.csv"))}
        self.assertEqual(cluster["k8"], cluster["b:k10"])
        self.assertEqual(cluster["k0"], cluster['=x, "y"'])
        for pair in self.rows(self.path("p.csv")):
            self.assertIn(pair["id_l"], ids)
            self.assertIn(pair["id_r"], ids)
            self.assertTrue(0 <= float(pair["probability"]) <= 1)
        self.assertIn("rec_id", done.stderr)  # the guess is told
        self.padan("dedupe", a, "--id", "NAMA", "--out", self.path("o.csv"))
        self.assertEqual(self.rows(self.path("o.csv"))[0]["id"], rows[0].split(",")[2])

    def test_threads_and_runs_give_the_same_bytes(self):
        a = self.file("a.csv", people(900) + "".join(person(i).replace("SALIM", "SALYM") for i in range(0, 900, 3)))
        b = self.file("b.csv", people(300))
        seen = set()
        for threads in ("1", "2", "5"):
            names = [self.path(name) for name in ("o.csv", "p.csv", "m.txt", "l.csv")]
            self.padan("dedupe", a, "--threads", threads, "--out", names[0], "--pairs", names[1], "--save-model", names[2])
            self.padan("link", a, b, "--threads", threads, "--out", names[3])
            self.check(a, "--list", "pkh@2024-07=" + b, "--target-period", "2024", "--threads", threads)
            seen.add(tuple(map(self.text, names)) + tuple(self.text(os.path.join(self.out, x)) for x in OUTPUTS[:4]))
        self.assertEqual(len(seen), 1)

    def test_model_threshold_and_statistics(self):
        a = self.file("a.csv", people(60) + person(3) + person(9))
        self.padan("dedupe", a, "--out", self.path("1.csv"), "--save-model", self.path("m.txt"), "--stats", self.path("s.json"))
        self.padan("dedupe", a, "--out", self.path("2.csv"), "--model", self.path("m.txt"))
        self.assertEqual(self.text(self.path("1.csv")), self.text(self.path("2.csv")))
        with open(self.path("s.json"), encoding="utf-8") as f:
            statistics = json.load(f)
        self.assertEqual(statistics["records"], 63)
        self.assertEqual(statistics["clusters"], len({row["cluster_id"] for row in self.rows(self.path("1.csv"))}))
        self.assertLessEqual({"candidate_pairs", "scored_pairs", "matched_pairs", "threshold", "peak_mib"}, set(statistics))
        self.assertEqual(set(statistics["seconds"]), {"read", "index", "train", "score", "cluster", "write", "total"})
        self.padan("dedupe", a, "--threshold", "0.97", "--pairs", self.path("p.csv"), "--out", self.path("o.csv"))
        pairs = self.rows(self.path("p.csv"))
        self.assertTrue(pairs)
        self.assertTrue(all(float(pair["probability"]) >= 0.97 for pair in pairs))
        for name, text in (("kosong.txt", ""), ("bunga.txt", "mawar melati\n"), ("lain.txt", self.text(self.path("m.txt")).decode().replace("nik", "nok"))):
            done = self.padan("dedupe", a, "--model", self.file(name, text), "--out", self.path("n.csv"), status=3)
            self.assertIn(name, done.stderr)
        self.padan("dedupe", a, "--model", self.root, "--out", self.path("n.csv"), status=3)
        self.assertFalse(os.path.exists(self.path("n.csv")))

    def test_models_of_check(self):
        target, pkh = self.file("sasaran.csv", people(60)), self.file("pkh.csv", people(40))
        flags = os.path.join(self.out, "flags.csv")
        self.check(target, "--list", "pkh=" + pkh, "--save-model", self.path("m.txt"))
        first = self.text(flags)
        self.check(target, "--list", "pkh=" + pkh, "--model", self.path("m.txt"))
        self.assertEqual(self.text(flags), first)
        other = self.file("bunga.txt", "mawar\n")
        done = self.check(target, "--list", "pkh=" + pkh, "--model", other, out=self.path("lain"), status=3)
        self.assertIn("bunga.txt", done.stderr)
        self.assertFalse(os.path.exists(self.path("lain")))

    def test_one_to_one(self):
        a, b = self.file("a.csv", people(20)), self.file("b.csv", people(20) + person(3) + person(3))
        self.padan("link", a, b, "--one-to-one", "--out", self.path("o.csv"))
        sizes = {}
        for row in self.rows(self.path("o.csv")):
            sizes[row["cluster_id"]] = sizes.get(row["cluster_id"], 0) + 1
        self.assertEqual(len(self.rows(self.path("o.csv"))), 44)
        self.assertLessEqual(max(sizes.values()), 2)

    def test_types_by_the_user(self):
        a = self.file("a.csv", "kode,x\n" + "".join("%d,%s\n" % (i // 2, ("BUDI", "SITI", "AGUS")[i // 2 % 3]) for i in range(30)))
        done = self.padan("dedupe", a, "--as", " KODE =ignore", "--as", "x=name", status=0)
        self.assertRegex(done.stderr, r"kode +ignore")
        self.assertRegex(done.stderr, r"x +name")


if __name__ == "__main__":
    unittest.main()
