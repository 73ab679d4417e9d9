#!/bin/sh
# make bench-accuracy: how right padan dedupe and padan link are, on every set at hand. See accuracy.py.
exec python3 "$(dirname "$0")/accuracy.py" "$@"
