#!/bin/sh
# Ends what `make demo` left running. Nothing is lost: `make demo` begins anew in any case.
set -eu
cd "$(dirname "$0")/../.."
. tests/demo/settings.sh
stop_programs
sh "$cluster" stop "$demo"
echo "Demo sudah dihentikan (the demo is stopped)."
