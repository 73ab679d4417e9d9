#!/bin/sh
# Runs the unit test programs named as arguments; says which failed, and ends with one line of totals.
# A program that passes stays silent but for its name; one that fails shows all that it wrote.
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for t in "$@"; do
	if "$t" >"$log" 2>&1; then
		passed=$((passed + 1))
		printf '  ok    %s\n' "$t"
	else
		failed=$((failed + 1))
		printf '  FAIL  %s\n' "$t"
		cat "$log"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
