#!/bin/sh
# Runs fuzz programs one after another. Usage: run.sh SECONDS PROGRAM...
# What a program finds is left in build/fuzz/found/ and makes the run fail.
seconds=$1
shift
mkdir -p build/fuzz/found
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for p in "$@"; do
	name=$(basename "$p")
	mkdir -p "build/fuzz/corpus/$name"
	if "$p" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -artifact_prefix="build/fuzz/found/$name-" \
		"build/fuzz/corpus/$name" >"$log" 2>&1; then
		passed=$((passed + 1))
		printf '  ok    %-28s %s\n' "$name" "$(grep -o 'Done .*' "$log" | tail -1)"
	else
		failed=$((failed + 1))
		printf '  FAIL  %s\n' "$name"
		tail -40 "$log"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
