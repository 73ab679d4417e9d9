#!/bin/sh
# Runs COMMAND NAME for each NAME, as many at once as there are processors: each.sh COMMAND NAME...
# Says which passed in how many seconds, behind it what the command's last line "note: …" said; of one that failed, all that it wrote.
# Ends with one line of totals. LANE tells each command which of those at work it is (from 0), for what two must not share.
# JOBS=n: how many at once. Called by tests/run_units.sh, tests/integration/run.sh, tests/fuzz/run.sh.
if [ "$1" = --one ]; then
	command=$2 name=$3
	log=$RESULTS/log.$LANE
	begin=$(date +%s)
	"$command" "$name" >"$log" 2>&1 </dev/null
	status=$?
	seconds=$(($(date +%s) - begin))
	exec 8>"$RESULTS/lock" # two results are not to be mixed on the screen
	flock 8
	if [ "$status" -eq 0 ]; then
		echo "$name" >>"$RESULTS/passed"
		printf '  ok    %-60s %3d s  %s\n' "$name" "$seconds" "$(sed -n 's/^note: //p' "$log" | tail -1)"
	else
		echo "$name" >>"$RESULTS/failed"
		printf '  FAIL  %s (exit status %d after %d s)\n' "$name" "$status" "$seconds"
		cat "$log"
	fi
	exit 0
fi

command=$1
shift
: "${JOBS:=$(nproc 2>/dev/null || echo 1)}"
RESULTS=$(mktemp -d) || exit 1
export RESULTS
trap 'rm -rf "$RESULTS"' EXIT
trap 'exit 130' INT TERM
: >"$RESULTS/passed"
: >"$RESULTS/failed"
printf '%s\0' "$@" | xargs -0 -r -n1 -P"$JOBS" --process-slot-var=LANE sh "$0" --one "$command"
passed=$(wc -l <"$RESULTS/passed") failed=$(wc -l <"$RESULTS/failed")
if [ $((passed + failed)) -ne $# ]; then
	echo "$(($# - passed - failed)) did not come to an end"
	failed=$(($# - passed))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
