#!/bin/sh
# The integration tests, against private PostgreSQL servers that are started here and stopped at the end: one for each test at
# work, as some of them crash it. Each tests/integration/test_*.py is one file of unittest cases, each try_*.c a program.
# Arguments choose: run.sh test_migrate try_db_conn
# PADAN_BUILD names the flavour to test (debug); JOBS how many at once; KEEP=1 leaves the servers running for a look.
set -u
cd "$(dirname "$0")/../.."
: "${PADAN_BUILD:=debug}" "${JOBS:=$(nproc 2>/dev/null || echo 1)}"
where=.run/integration
if [ $# -eq 0 ]; then # the longest first, so that none is left alone at the end
	set -- $(cd tests/integration && { cat slowest; ls test_*.py try_*.c | sed 's/\.[a-z]*$//'; } | awk '!seen[$0]++')
fi
[ "$JOBS" -le $# ] || JOBS=$#
[ "$JOBS" -le 4 ] || JOBS=4 # each has a server of its own
programs=
for name; do
	[ ! -f "tests/integration/$name.c" ] || programs="$programs build/$PADAN_BUILD/tests/integration/$name"
done
make -s -j"$JOBS" "$PADAN_BUILD" $programs || exit 1

stop() {
	[ -n "${KEEP:-}" ] && return
	lane=0
	while [ "$lane" -lt "$JOBS" ]; do
		sh tests/support/pg_cluster.sh stop "$where/$lane"
		lane=$((lane + 1))
	done
}
trap stop EXIT
trap 'exit 130' INT TERM
lane=0
while [ "$lane" -lt "$JOBS" ]; do
	sh tests/support/pg_cluster.sh start "$where/$lane" --no-fsync || exit 1
	lane=$((lane + 1))
done
PGUSER=postgres PGDATABASE=postgres PADAN_BIN=$PWD/build/$PADAN_BUILD PADAN_LANG=id PADAN_CLUSTERS=$PWD/$where
export JOBS PGUSER PGDATABASE PADAN_BIN PADAN_LANG PADAN_CLUSTERS
unset PGPORT PGSERVICE PGOPTIONS
sh tests/support/each.sh tests/integration/one.sh "$@"
