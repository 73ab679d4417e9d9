#!/bin/sh
# All that CI runs, stage after stage; a stage that fails does not stop the next. Called by `make test`, which has
# installed the packages and built the programs. Each stage ends with a line "N passed, N failed"; so does the whole.
# STAGES="units asan" runs only those.
set -u
cd "$(dirname "$0")/.."
: "${STAGES:=units asan clang tsan integration web fuzz}"
: "${FUZZ_SECONDS:=4}"
jobs=$(nproc 2>/dev/null || echo 1)
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

# stage TITLE COMMAND...: shows the command's output as it comes and adds up its last line of totals.
stage() {
	echo
	echo "== $1"
	shift
	{ "$@" 2>&1 || echo "exit status $?"; } | tee "$log"
	totals=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
	if [ -z "$totals" ]; then
		failed=$((failed + 1))
		echo 'no totals: the stage did not finish'
		return
	fi
	passed=$((passed + $(echo "$totals" | cut -d' ' -f1)))
	stage_failed=$(echo "$totals" | cut -d' ' -f3)
	[ "$stage_failed" -gt 0 ] || ! grep -q '^exit status' "$log" || stage_failed=1
	failed=$((failed + stage_failed))
}

# Both programs build without a warning under clang, too.
clang_build() {
	make -s -j"$jobs" clang && echo '1 passed, 0 failed'
}

for s in $STAGES; do
	case $s in
	units) stage 'units (gcc, debug)' make -s -j"$jobs" unit ;;
	asan) stage 'units (address and undefined-behaviour sanitizers)' make -s -j"$jobs" UNIT_FLAVOUR=asan unit ;;
	clang) stage 'clang' clang_build ;;
	tsan) stage 'what runs on several threads (thread sanitizer)' make -s -j"$jobs" unit-threads ;;
	integration) stage 'integration (private PostgreSQL)' sh tests/integration/run.sh ;;
	web) stage 'the pages in a browser (chromium)' sh tests/web/run.sh ;;
	fuzz) stage "fuzzers, $FUZZ_SECONDS s each" make -s -j"$jobs" fuzz FUZZ_SECONDS="$FUZZ_SECONDS" ;;
	*) echo "unknown stage: $s" >&2; exit 2 ;;
	esac
done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
