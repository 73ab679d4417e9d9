#!/bin/sh
# The integration tests, against a private PostgreSQL that is started here and stopped at the end. Each tests/integration/test_*.py
# is one file of unittest cases, each try_*.c a program. Arguments choose: run.sh test_migrate try_db_conn
# PADAN_BUILD names the flavour to test (debug); KEEP=1 leaves the server running for a look.
set -u
cd "$(dirname "$0")/../.."
: "${PADAN_BUILD:=debug}"
where=.run/integration
passed=0 failed=0
make -s "$PADAN_BUILD" || exit 1
if [ $# -eq 0 ]; then
	set -- $(cd tests/integration && ls test_*.py try_*.c | sed 's/\.[a-z]*$//')
fi
sh tests/support/pg_cluster.sh start "$where" --no-fsync || exit 1
stop() { [ -n "${KEEP:-}" ] || sh tests/support/pg_cluster.sh stop "$where"; }
trap stop EXIT
trap 'exit 130' INT TERM
PGHOST=$(sh tests/support/pg_cluster.sh socket "$where")
PGUSER=postgres PGDATABASE=postgres PADAN_BIN=$PWD/build/$PADAN_BUILD PADAN_LANG=id PADAN_CLUSTER=$PWD/$where
export PGHOST PGUSER PGDATABASE PADAN_BIN PADAN_LANG PADAN_CLUSTER
unset PGPORT PGSERVICE PGOPTIONS

log=$(mktemp) || exit 1
for name; do
	if [ -f "tests/integration/$name.c" ]; then
		program=build/$PADAN_BUILD/tests/integration/$name
		make -s "$program" && "$program" >"$log" 2>&1
	else
		# No .pyc files in the tree; -B also where it is read-only.
		(cd tests/integration && python3 -B -m unittest -v "$name") >"$log" 2>&1
	fi
	if [ $? -eq 0 ]; then
		passed=$((passed + 1))
		printf '  ok    %s\n' "$name"
	else
		failed=$((failed + 1))
		printf '  FAIL  %s\n' "$name"
		cat "$log"
	fi
done
rm -f "$log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
