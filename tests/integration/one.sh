#!/bin/sh
# One integration test by its name, on the server of its LANE. Called by tests/support/each.sh for tests/integration/run.sh.
PADAN_CLUSTER=$PADAN_CLUSTERS/$LANE
PGHOST=$(sh tests/support/pg_cluster.sh socket "$PADAN_CLUSTER")
export PADAN_CLUSTER PGHOST
if [ -f "tests/integration/$1.c" ]; then
	exec "$PADAN_BIN/tests/integration/$1"
fi
cd tests/integration && exec python3 -B -m unittest -v "$1" # -B: no .pyc files in the tree, also where it is read-only
