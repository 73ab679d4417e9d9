# What demo.sh and stop.sh share: where the demo lives and how to reach its database. Sourced from the tree's root.
demo=$PWD/.run/demo
padan=$PWD/build/release/padan
padand=$PWD/build/release/padand
cluster=$PWD/tests/support/pg_cluster.sh

# Ends the daemon of an earlier demo, if it still runs; PostgreSQL is ended by whoever calls.
stop_daemon() {
	[ -s "$demo/padand.pid" ] || return 0
	pid=$(cat "$demo/padand.pid")
	# The number may belong to somebody else by now: only a padand is ended.
	if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = padand ]; then
		kill "$pid" 2>/dev/null || true
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			[ -d "/proc/$pid" ] || break
			sleep 0.5
		done
		[ ! -d "/proc/$pid" ] || kill -9 "$pid" 2>/dev/null || true
	fi
	rm -f "$demo/padand.pid"
}
