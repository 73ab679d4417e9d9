#!/bin/sh
# Simulates a district, checks it, and says how right the check was.
#
#	tests/bench/check_district.sh DIR [options of padan simulate]
#	PADAN=build/debug/padan SCORE="--calibration --show 5" tests/bench/check_district.sh /tmp/d --years 2
#
# A DIR that was simulated before is checked again as it is when no options are given.
set -eu
: "${PADAN:=$(dirname "$0")/../../build/release/padan}"
: "${SCORE:=}"
[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
dir=$1
shift
if [ $# -gt 0 ] || [ ! -e "$dir/lists.csv" ]; then
	"$PADAN" simulate --out "$dir" "$@" | head -1
fi
set --
while IFS=, read -r code period file kind _; do
	case $kind in
	target) set -- "$@" --target "$dir/$file" ;;
	programme) set -- "$@" --list "$code@$period=$dir/$file" ;;
	reference) set -- "$@" --reference "$code=$dir/$file" ;;
	esac
done <"$dir/lists.csv"
"$PADAN" check --config "$dir/district.conf" "$@" --out "$dir/check" >&2
# shellcheck disable=SC2086
exec python3 "$(dirname "$0")/score_district.py" "$dir" "$dir/check" $SCORE
