#!/bin/sh
# One fuzz program for SECONDS_EACH. Called by tests/support/each.sh for tests/fuzz/run.sh.
name=$(basename "$1")
corpus=build/fuzz/corpus/$name
log=build/fuzz/$name.log
mkdir -p "$corpus"
if "$1" -max_total_time="$SECONDS_EACH" -timeout=30 -rss_limit_mb=2048 -max_len=65536 -artifact_prefix="build/fuzz/found/$name-" \
	"$corpus" >"$log" 2>&1; then
	echo "note: $(grep -o 'Done .*' "$log" | tail -1)"
else
	tail -60 "$log"
	exit 1
fi
