#!/bin/sh
# Runs fuzz programs. Usage: run.sh SECONDS PROGRAM...
# What a program finds is left in build/fuzz/found/ and makes the run fail; what it learnt stays in build/fuzz/corpus/ for the next run.
SECONDS_EACH=$1
shift
export SECONDS_EACH
mkdir -p build/fuzz/found
exec sh tests/support/each.sh tests/fuzz/one.sh "$@"
