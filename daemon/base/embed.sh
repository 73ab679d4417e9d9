#!/bin/sh
# Writes C that holds the text files named as arguments. Usage: embed.sh FILE... > embedded.c
set -eu
echo '/* Made by daemon/base/embed.sh; do not edit. */'
echo '#include "daemon/base/embedded.h"'
i=0
for f in "$@"; do
	echo "static const char text_$i[] ="
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/\t/\\t/g' -e 's/^/"/' -e 's/$/\\n"/' "$f"
	echo '"";'
	i=$((i + 1))
done
echo 'const struct embedded_text embedded_texts[] = {'
i=0
for f in "$@"; do
	echo "	{\"$f\", text_$i, sizeof text_$i - 1},"
	i=$((i + 1))
done
echo '	{0},'
echo '};'
