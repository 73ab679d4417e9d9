#!/bin/sh
# What the daemon costs, as ratios against something measured in the same run: for registers of several sizes the list that makes
# it, from its CSV file to committed flags, beside a bare \copy of the same file, with where the time goes; then lists of 1,000
# rows beside it; how late the event loop was; peak memory. Processor time stands beside, as machines are shared.
#
#	make bench                          registers of 10,000, 100,000 and 1,000,000 rows, as far as 600 seconds go
#	REGISTERS="10000 50000" make bench
#	SECONDS_MAX=3000 make bench
#
# A private PostgreSQL in .run/bench with fsync on; made-up districts (padan simulate) in .run/bench/data, kept for the next run.
set -eu
cd "$(dirname "$0")/../.."
: "${REGISTERS:=10000 100000 1000000}" "${SECONDS_MAX:=600}"
export REGISTERS SECONDS_MAX
where=$PWD/.run/bench
mkdir -p "$where"
sh tests/support/pg_cluster.sh start "$where"
stop() { sh tests/support/pg_cluster.sh stop "$where"; }
trap stop EXIT
trap 'exit 130' INT TERM
PGHOST=$(sh tests/support/pg_cluster.sh socket "$where")
PGUSER=postgres PGDATABASE=postgres
export PGHOST PGUSER PGDATABASE
unset PGPORT PGSERVICE PGOPTIONS
python3 -B tests/bench/daemon_bench.py "$where"
