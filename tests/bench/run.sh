#!/bin/sh
# What the daemon costs, as ratios against something measured in the same run: a large list from its CSV file to committed
# flags beside a bare \copy of the same file, with where the time goes; a list of 1,000 rows beside registers of several sizes;
# how late the event loop was; peak memory. Called by `make bench`; takes minutes.
#
#	make bench
#	ROWS=1000000 REGISTERS="10000 100000 1000000" make bench
#	PARTS=large make bench          only the large list; PARTS=small only the lists of 1,000 rows
#
# A private PostgreSQL in .run/bench with fsync on; made-up districts (padan simulate) in .run/bench/data, kept for the next run.
set -eu
cd "$(dirname "$0")/../.."
: "${ROWS:=200000}" "${REGISTERS:=10000 100000}" "${PARTS:=large small}"
export ROWS REGISTERS PARTS
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
