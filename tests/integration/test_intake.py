"""The SQL door: an office's role sees its own alone; closing stages; the same rows again change nothing."""
import unittest

from support import Case

DINSOS = "padan_office_1505_dinsos"
DPMD = "padan_office_1505_dpmd"


class Intake(Case):
    def send(self, office=DINSOS, programme="pkh", period="2024-07", rows=4, mark="A"):
        """Inserts a list and its rows; returns the id."""
        number = self.value("INSERT INTO intake.list (programme, period, header) VALUES ('%s', '%s', '{NIK,Nama}') RETURNING id"
                            % (programme, period), office)
        self.sql("INSERT INTO intake.row SELECT %s, i, ARRAY['1505', '%s' || i] FROM generate_series(2, %d) i"
                 % (number, mark, rows + 1), office)
        return number

    def close(self, number, office=DINSOS):
        return self.sql("SELECT state, padan_list FROM intake.close_list(%s)" % number, office)[0]

    def test_cells_are_packed_and_come_back(self):
        for cells, back in (("'{}'", "{}"), ("ARRAY['']", '{""}'), ("ARRAY['', '']", '{"",""}'), ("ARRAY['a', NULL, 'b c']", '{a,"","b c"}'),
                            ("ARRAY['a' || chr(31) || 'b', '']", '{ab,""}'), ("ARRAY[E'x\\ty', '\"{,\\']", '{"x\ty","\\"{,\\\\"}')):
            self.assertEqual(self.value("SELECT padan.raw_cells(padan.pack_cells(%s::text[]))" % cells), back)

    def test_a_list_becomes_rows_and_a_job(self):
        state, number = self.close(self.send(rows=5, mark="rows"))
        self.assertEqual(state, "staged")
        self.assertEqual(self.sql("SELECT row, line, padan.raw_cells(cells) FROM padan.raw_rows WHERE district = 1505 AND list = %s ORDER BY row LIMIT 2" % number),
                         [["1", "2", "{1505,rows2}"], ["2", "3", "{1505,rows3}"]])
        self.assertEqual(self.sql("SELECT state, office, door, sender, rows_read, header FROM padan.lists WHERE list = " + number),
                         [["received", "dinsos", "sql", DINSOS, "5", "{NIK,Nama}"]])
        self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE state = 'ready' AND list = " + number), "1")
        self.assertEqual(self.value("SELECT count(*) FROM intake.row", "postgres"), "0")

    def test_closing_again_or_sending_again_changes_nothing(self):
        first = self.send(mark="again")
        number = self.close(first)[1]
        self.assertEqual(self.close(first), ["staged", number])
        self.assertEqual(self.close(self.send(mark="again")), ["duplicate", number])
        self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE list = " + number), "1")
        self.assertEqual(self.close(self.send(mark="other"))[0], "staged")

    def test_an_office_sees_its_own_alone(self):
        number = self.send(mark="own")
        self.assertEqual(self.value("SELECT count(*) FROM intake.row WHERE list = " + number, DINSOS), "4")
        self.assertEqual(self.value("SELECT count(*) FROM intake.list WHERE office <> 'dpmd'", DPMD), "0")
        self.assertEqual(self.value("SELECT count(*) FROM intake.row WHERE list = " + number, DPMD), "0")
        self.assertEqual(self.sql("UPDATE intake.list SET name = 'x' WHERE id = %s RETURNING 1" % number, DPMD), [])
        self.assertEqual(self.sql("DELETE FROM intake.list WHERE id = %s RETURNING 1" % number, DPMD), [])
        self.refused("42501", "INSERT INTO intake.row VALUES (%s, 99, '{x}')" % number, DPMD)
        self.refused("42501", "INSERT INTO intake.list (office, programme, period, header) VALUES ('dinsos', 'pkh', '2024-07', '{a}')", DPMD)

    def test_a_list_of_another_is_like_one_that_is_not_there(self):
        def said(number):
            text = self.refused("PD017", "SELECT intake.close_list(%s)" % number, DPMD)
            return text.replace(str(number), "N").split("LOCATION")[0].split("CONTEXT")[0]

        self.assertEqual(said(self.send(mark="hidden")), said(987654))
        number = self.close(self.send(mark="hidden"))[1]
        self.assertEqual(self.sql("SELECT * FROM intake.my_rejects(%s)" % number, DPMD), [])
        self.assertEqual(self.sql("SELECT * FROM intake.my_lists()", DPMD), [])
        self.assertNotEqual(self.sql("SELECT * FROM intake.my_lists()", DINSOS), [])

    def test_what_an_office_must_not_reach(self):
        for sql in ("SELECT * FROM padan.lists", "SELECT padan.begin_list(1505,'programme','pkh','2024-07',NULL,NULL,'sql','','\\x00',0,NULL,NULL)",
                    "SELECT padan.withdraw_list(1505, 1, 'x')", "SELECT padan.erase_list(1505, 1, 'x')",
                    "UPDATE intake.list SET state = 'open'", "UPDATE intake.list SET padan_list = 1",
                    "CREATE TABLE intake.mine (a int)", "SET ROLE padan_owner"):
            with self.subTest(sql):
                self.refused("42501", sql, DINSOS)

    def test_a_closed_list_takes_no_more_rows(self):
        number = self.send(mark="closed")
        self.close(number)
        self.refused("42501", "INSERT INTO intake.row VALUES (%s, 99, '{x}')" % number, DINSOS)

    def test_refusals_say_why(self):
        self.assertIn("dinas dpmd", self.refused("PD013", "SELECT intake.close_list(%s)" % self.send(programme="blt_dd"), DINSOS))
        self.assertIn("yang ada: blt_dd, pkh", self.refused("PD012", "SELECT intake.close_list(%s)" % self.send(programme="nope"), DINSOS))
        self.assertIn("2024-07", self.refused("PD011", "SELECT intake.close_list(%s)" % self.send(period="Juli"), DINSOS))
        self.sql("INSERT INTO padan.periods (district, period, state) VALUES (1505, '2019', 'closed')")
        self.assertIn("ditutup", self.refused("PD015", "SELECT intake.close_list(%s)" % self.send(period="2019-03"), DINSOS))

    def test_a_target_list_comes_from_its_office(self):
        number = self.value("INSERT INTO intake.list (period, decree_number, header) VALUES ('2024', '1/2024', '{Nama}') RETURNING id",
                            "padan_office_1505_bappeda")
        self.assertEqual(self.close(number, "padan_office_1505_bappeda")[0], "staged")
        number = self.value("INSERT INTO intake.list (period, header) VALUES ('2024', '{Nama,Desa}') RETURNING id", DINSOS)
        self.refused("PD013", "SELECT intake.close_list(%s)" % number, DINSOS)


if __name__ == "__main__":
    unittest.main()
