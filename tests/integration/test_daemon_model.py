"""A model is learnt once there are enough rows, stored with the list that brought them, and used again after a restart."""
import unittest

from daemon_support import DaemonCase, list_of, target_of


IDS = "SELECT list, row, person, household FROM padan.entries WHERE list <= 3 ORDER BY 1, 2"


class Model(DaemonCase):
    def models(self):
        return self.sql("SELECT model, in_use, learnt_on->>'rows' FROM padan.models ORDER BY model")

    def test_learnt_stored_and_used_again(self):
        daemon = self.start()
        self.put("bappeda/sasaran 2024.csv", target_of(range(0, 600)))
        self.put("dinsos/pkh_2024-06.csv", list_of(range(0, 600)))
        self.until_quiet()
        self.assertEqual(self.models(), [])
        self.put("dinsos/pkh_2024-07.csv", list_of(range(10, 610)))
        self.until_quiet()
        ((model, in_use, rows),) = self.models()
        self.assertEqual((in_use, rows), ("t", "1200"))
        self.assertEqual(self.value("SELECT model FROM padan.lists ORDER BY list DESC LIMIT 1"), model)
        before = self.sql(IDS)
        self.assertEqual(daemon.stop(), 0)

        # A new life decides by the same model: no id changes by loading, and no other model is learnt for a small list.
        self.start()
        self.put("dpmd/blt_dd_2024-07.csv", list_of(range(0, 20), member=1))
        self.until_quiet()
        self.assertEqual(len(self.models()), 1)
        self.assertEqual(self.value("SELECT model FROM padan.lists ORDER BY list DESC LIMIT 1"), model)
        self.assertEqual(self.sql(IDS), before)

    def test_a_model_of_another_version_is_left_alone(self):
        self.sql("INSERT INTO padan.models (district, contents, in_use) VALUES (1505, 'not a model', true)")
        self.start()
        self.put("dinsos/pkh_2024-07.csv", list_of(range(0, 20)))
        self.until_quiet()
        self.assertEqual(self.value("SELECT state FROM padan.lists"), "done")
        self.assertIsNone(self.value("SELECT nullif(model::text, '') FROM padan.lists WHERE model IS NOT NULL"))
        self.assertIn("the stored model can't be used", self.logged())


if __name__ == "__main__":
    unittest.main()
