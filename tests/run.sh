#!/bin/sh
# All that CI runs, stage after stage; a stage that fails does not stop the next. Called by `make test`, which has
# installed the packages and built the debug programs. Each stage ends with a line "N passed, N failed"; so does the whole.
# What the later stages need is built meanwhile, at the lowest priority: the integration tests wait more than they work.
# STAGES="units asan" runs only those.
set -u
cd "$(dirname "$0")/.."
: "${STAGES:=units integration web asan tsan fuzz}"
: "${FUZZ_SECONDS:=4}"
export STAGES
# Of a make that called us its variables are kept (make test WERROR=), not its job slots.
MAKEFLAGS=$(printf '%s' "${MAKEFLAGS:-}" | sed 's/ *-j[0-9]*//; s/ *--jobserver-auth=[^ ]*//')
export MAKEFLAGS
make="make -s -j$(nproc 2>/dev/null || echo 1)"

# One make after another in one tree: what cannot be built is told by the stage that needs it.
if [ "${1:-}" = --build-ahead ]; then
	for s in $STAGES; do
		case $s in
		web) $make release ;;
		asan) $make UNIT_FLAVOUR=asan asan unit-programs ;;
		tsan) $make thread-programs ;;
		fuzz) $make fuzz-programs ;;
		esac
	done
	exit 0
fi

passed=0 failed=0
log=$(mktemp) || exit 1
ahead=
trap '[ -z "$ahead" ] || kill -- "-$ahead" 2>/dev/null; rm -f "$log"' EXIT
trap 'exit 130' INT TERM

# stage TITLE COMMAND...: shows the command's output as it comes and adds up its last line of totals.
stage() {
	echo
	echo "== $1"
	shift
	begin=$(date +%s)
	{ "$@" 2>&1 || echo "exit status $?"; } | tee "$log"
	echo "($(($(date +%s) - begin)) s)"
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

built_ahead() {
	[ -z "$ahead" ] || wait "$ahead"
	ahead=
}

for s in $STAGES; do
	case $s in
	units)
		stage 'units (gcc, debug)' $make unit
		mkdir -p .run
		setsid nice -n 19 sh tests/run.sh --build-ahead >.run/build-ahead.log 2>&1 </dev/null &
		ahead=$! # a process group, so that all of it ends when we do
		;;
	integration) stage 'integration (private PostgreSQL)' sh tests/integration/run.sh ;;
	web)
		built_ahead
		stage 'the pages in a browser (chromium)' sh tests/web/run.sh
		;;
	asan)
		built_ahead
		stage 'units (clang, address and undefined-behaviour sanitizers)' $make UNIT_FLAVOUR=asan asan unit
		;;
	tsan)
		built_ahead
		stage 'what runs on several threads (thread sanitizer)' $make unit-threads
		;;
	fuzz)
		built_ahead
		stage "fuzzers, $FUZZ_SECONDS s each" $make fuzz FUZZ_SECONDS="$FUZZ_SECONDS"
		;;
	*) echo "unknown stage: $s" >&2; exit 2 ;;
	esac
done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
