#!/bin/sh
# How right `padan check` is on simulated districts: usual damage, twice the damage, and a target list two years older
# than the programmes' lists. Prints the F1 of each figure beside its aim, and how many of the flags said to be so and so sure are
# right: of 100 flags of certainty .9 about 90 should be.
#
#	tests/bench/district.sh
#	SEED=7 HOUSEHOLDS=20000 KEEP=/tmp/districts tests/bench/district.sh
set -eu
here=$(dirname "$0")
: "${SEED:=11}"
: "${HOUSEHOLDS:=60000}"
: "${KEEP:=}"
folder=${KEEP:-$(mktemp -d)}
[ -n "$KEEP" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"

measure() {
	name=$1
	shift
	SCORE="--json --calibration" sh "$here/check_district.sh" "$folder/$name" --households "$HOUSEHOLDS" --seed "$SEED" "$@" |
		sed -n '/^{/,$p' >"$folder/$name.json"
}
measure usual
measure twice --damage 2
measure older --years 2
exec python3 "$here/district_table.py" "$folder"
