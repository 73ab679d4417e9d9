#!/bin/sh
# make bench-speed: time and memory of padan dedupe, beside another engine's in the same run. See speed.py.
exec python3 "$(dirname "$0")/speed.py" "$@"
