#!/bin/sh
# What a compiler does not see: matcher/ stays pure, files keep their size, clang-tidy's findings, shell scripts.
# Tools that are not installed are named and left out; what is found makes the run fail.
set -u
failed=0
fail() {
	echo "  FAIL  $1"
	failed=1
}

# 1. matcher/ asks nothing of the outside: no I/O, clock, threads, libuv, libpq, curl.
if [ -e build/debug/libmatcher.a ]; then
	impure=$(nm -u build/debug/libmatcher.a | awk '$1 == "U" {print $2}' | sort -u |
		grep -E '^(uv_|PQ|MHD_|curl_|sd_|XML_|zip_|pthread_|open$|openat|fopen|read$|write$|printf$|puts|fprintf|time$|clock|gettimeofday|getenv|socket)')
	[ -z "$impure" ] && echo '  ok    matcher/ is pure' || fail "matcher/ uses: $(echo $impure)"
else
	fail 'build/debug/libmatcher.a is missing: make debug first'
fi
# … and its sources include nothing of daemon/.
grep -rnE '#include ["<](daemon|uv|libpq|curl|pthread|time\.h|stdio\.h)' matcher --include='*.[ch]' |
	grep -v 'stdio.h' >/dev/null && fail 'matcher/ includes what it must not' || echo '  ok    matcher/ includes only its own'

# 2. Files that have outgrown a reader.
long=$(find matcher daemon tests -name '*.[ch]' -path '*' ! -path '*/web/*' -exec wc -l {} + | awk '$2 != "total" && $1 > 600 {print $2 " (" $1 ")"}')
[ -z "$long" ] && echo '  ok    no file over 600 lines' || fail "over 600 lines: $(echo $long)"

# 3. Half-made code.
left=$(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' matcher daemon migrations systemd --include='*.[ch]' --include='*.sql')
[ -z "$left" ] && echo '  ok    nothing left for later' || fail "left for later: $left"

# 4. Functions and views are replaced in migrations/functions, no longer in numbered migrations.
whole=$(grep -lE '^CREATE OR REPLACE (FUNCTION|VIEW)' migrations/*.sql | awk -F'[/_]' '$2 > 31')
[ -z "$whole" ] && echo '  ok    functions stand in migrations/functions' || fail "functions in numbered migrations (docs/DATABASE.md): $whole"

# 5. Tools.
if command -v clang-tidy >/dev/null; then
	flags="-std=gnu11 -D_GNU_SOURCE -DPADAN_DEBUG=1 -I. $(pkg-config --cflags libpq libuv libcurl libzip libsodium)"
	# shellcheck disable=SC2086
	if find matcher daemon -name '*.c' | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- '"$flags"' 2>/dev/null' sh; then
		echo '  ok    clang-tidy'
	else
		fail 'clang-tidy (see above)'
	fi
else
	echo '  --    clang-tidy is not installed'
fi
if command -v shellcheck >/dev/null; then
	find . -name '*.sh' -not -path './build/*' -print0 | xargs -0 shellcheck -S warning && echo '  ok    shellcheck' || fail 'shellcheck'
else
	echo '  --    shellcheck is not installed'
fi
exit "$failed"
