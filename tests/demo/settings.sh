# What demo.sh and stop.sh share: where the demo lives and how to reach its database. Sourced from the tree's root.
demo=$PWD/.run/demo
padan=$PWD/build/release/padan
padand=$PWD/build/release/padand
cluster=$PWD/tests/support/pg_cluster.sh
# On a terminal psql would show a long table page by page, and wait for a key: the demo ends by itself.
export PSQL_PAGER=cat

# Ends a program of an earlier demo by its pid file, if it still runs. The number may belong to somebody else by now: only a
# process whose command line holds the word is ended.
stop_program() {
	[ -s "$demo/$1.pid" ] || return 0
	pid=$(cat "$demo/$1.pid")
	if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$2"; then
		kill "$pid" 2>/dev/null || true
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			[ -d "/proc/$pid" ] || break
			sleep 0.5
		done
		[ ! -d "/proc/$pid" ] || kill -9 "$pid" 2>/dev/null || true
	fi
	rm -f "$demo/$1.pid"
}

# padand, and the mail server that takes its alerts; PostgreSQL is ended by whoever calls.
stop_programs() {
	stop_program padand padand
	stop_program mail mail_sink.py
}
