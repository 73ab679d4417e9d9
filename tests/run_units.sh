#!/bin/sh
# Runs the unit test programs named as arguments; says which failed, and ends with one line of totals.
exec sh "$(dirname "$0")/support/each.sh" env "$@"
