"""The queue: one list of a district at a time, in order; leases, fences, and two claimers at once."""
import threading
import unittest

from support import Case, Session


class Jobs(Case):
    def setUp(self):
        self.sql("TRUNCATE padan.lists, padan.jobs CASCADE")
        self.sql("INSERT INTO padan.districts (district, code, name) VALUES (1506, '15.06', 'Lain') ON CONFLICT DO NOTHING")

    def enqueue(self, district=1505):
        return self.value("SELECT padan.enqueue_job(%d, 'redecide', NULL)" % district)

    def claim(self, worker="w", lease="30 s", most=1):
        return self.sql("SELECT district, job, fence FROM padan.job_claim('%s', '%s', %d)" % (worker, lease, most))

    def test_in_order_one_at_a_time_districts_side_by_side(self):
        first, second, other = self.enqueue(), self.enqueue(), self.enqueue(1506)
        claimed = self.claim(most=5)
        self.assertEqual([row[:2] for row in claimed], [["1505", first], ["1506", other]])
        self.assertEqual(self.claim(), [])
        self.sql("SELECT padan.job_finish(%s, %s, %s)" % tuple(claimed[0]))
        self.assertEqual(self.claim()[0][1], second)

    def test_an_expired_lease_is_claimed_with_a_new_fence(self):
        self.enqueue()
        district, job, fence = self.claim(lease="-1 s")[0]
        again = self.claim("second")[0]
        self.assertEqual(again[:2], [district, job])
        self.assertGreater(int(again[2]), int(fence))
        late = "%s, %s, %s" % (district, job, fence)
        self.refused("PD003", "SELECT padan.job_guard(%s)" % late)
        self.refused("PD003", "SELECT padan.job_finish(%s)" % late)
        self.assertEqual(self.value("SELECT padan.job_heartbeat(%s, '30 s', 'x', 1)" % late), "lost")
        self.assertEqual(self.value("SELECT padan.job_hand_back(%s, '0')" % late), "f")
        self.assertEqual(self.sql("SELECT worker, state FROM padan.jobs"), [["second", "running"]])

    def test_a_late_writer_changes_nothing(self):
        self.enqueue()
        district, job, fence = self.claim(lease="-1 s")[0]
        writer = Session(self.database)
        writer.run("BEGIN")
        writer.run("INSERT INTO padan.persons VALUES (1505, 7, 1)")
        self.claim("second")
        self.assertIn("PD003", writer.run("SELECT padan.job_finish(%s, %s, %s)" % (district, job, fence)))
        writer.run("COMMIT")
        writer.close()
        self.assertEqual(self.value("SELECT count(*) FROM padan.persons"), "0")

    def test_a_committing_worker_is_not_overtaken(self):
        self.enqueue()
        district, job, fence = self.claim(lease="-1 s")[0]
        writer = Session(self.database)
        writer.run("BEGIN")
        writer.run("SELECT padan.job_guard(%s, %s, %s)" % (district, job, fence))
        self.assertEqual(self.claim("second"), [])
        self.assertEqual(self.value("SELECT padan.job_heartbeat(%s, %s, %s, '30 s', NULL, NULL)" % (district, job, fence)), "busy")
        writer.run("SELECT padan.job_finish(%s, %s, %s)" % (district, job, fence))
        writer.run("COMMIT")
        writer.close()
        self.assertEqual(self.value("SELECT state FROM padan.jobs"), "done")

    def test_heartbeat_prolongs(self):
        self.enqueue()
        job = self.claim(lease="1 s")[0]
        self.assertEqual(self.value("SELECT padan.job_heartbeat(%s, %s, %s, '60 s', 'match', 42)" % tuple(job)), "ok")
        self.assertEqual(self.sql("SELECT stage, rows_done, lease_until > clock_timestamp() + interval '50 s' FROM padan.jobs"),
                         [["match", "42", "t"]])

    def test_handed_back_and_given_up(self):
        self.enqueue()
        job = tuple(self.claim()[0])
        self.assertEqual(self.value("SELECT padan.job_hand_back(%s, %s, %s, '0')" % job), "t")
        self.assertEqual(self.sql("SELECT state, attempts FROM padan.jobs"), [["ready", "0"]])
        for attempt in range(3):
            job = tuple(self.claim()[0])
            self.sql("SELECT padan.job_hand_back(%s, %s, %s, '0', 'rusak', 'broken', 3)" % job)
        self.assertEqual(self.sql("SELECT state, attempts, error_id FROM padan.jobs"), [["failed", "3", "rusak"]])
        self.assertEqual(self.claim(), [])

    def test_a_delay_holds_the_district_in_order(self):
        self.enqueue()
        self.enqueue()
        self.sql("SELECT padan.job_hand_back(%s, %s, %s, '1 h', 'nanti', 'later')" % tuple(self.claim()[0]))
        self.assertEqual(self.claim(), [])

    def test_many_claimers_never_share_a_district(self):
        for _ in range(30):
            self.enqueue()
            self.enqueue(1506)
        done, faults = [], []

        def work(name):
            session = Session(self.database)
            while len(done) < 60 and not faults:
                said = session.run("SELECT district, job, fence FROM padan.job_claim('%s', '30 s')" % name)
                if not said:
                    continue
                district, job, fence = said.split("|")
                running = session.run("SELECT count(*) FROM padan.jobs WHERE district = %s AND state = 'running'" % district)
                if running != "1":
                    faults.append(running)
                session.run("SELECT padan.job_finish(%s, %s, %s)" % (district, job, fence))
                done.append((district, int(job)))
            session.close()

        workers = [threading.Thread(target=work, args=("w%d" % i,)) for i in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(faults, [])
        self.assertEqual(len(set(done)), 60)
        self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE state = 'done' AND attempts = 1"), "60")

    def test_listeners_hear_ids_alone(self):
        session = Session(self.database)
        session.run("LISTEN padan_jobs")
        job = self.enqueue()
        self.assertIn('payload "1505:%s"' % job, session.run("SELECT 1"))
        session.close()


if __name__ == "__main__":
    unittest.main()
