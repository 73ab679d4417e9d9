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

# … and everything below daemon/ includes only what stands before it: one way, as docs/ARCHITECTURE.md draws it. A line is a
# folder and those it may name beside itself, "compare/edit.h" and the like a single file.
layers='
matcher/base:
matcher/compare: base normalise/date.h normalise/name.h
matcher/normalise: base compare/edit.h
matcher/link: base compare normalise
matcher/household: base compare normalise
matcher/flag: base compare normalise
matcher/district: base compare normalise link household flag
daemon/base: matcher
daemon/db: matcher base
daemon/ingest: matcher base db
daemon/jobs: matcher base db ingest
daemon/alerts: matcher base db
daemon/inbox: matcher base db ingest jobs
daemon/export: matcher base db ingest jobs
daemon/link: matcher base ingest
daemon/check: matcher base ingest link
daemon/simulate: matcher/base
daemon/cli: matcher base db ingest jobs export link check simulate
daemon/http: matcher base db ingest jobs export inbox/inbox_name.h
'
upwards=$(grep -rnoE '^#include "(matcher|daemon)/[^"]+"' matcher daemon --include='*.[ch]' | awk -F'["]' -v layers="$layers" '
	BEGIN {
		n = split(layers, lines, "\n")
		for (i = 1; i <= n; i++) {
			m = split(lines[i], words, "[: ]+")
			for (j = 2; j <= m; j++)
				allowed[words[1], words[j]] = 1
			known[words[1]] = 1
		}
	}
	{
		split($1, from, ":"); split(from[1], at, "/"); split($2, to, "/")
		own = at[1] "/" at[2]
		if (at[3] == "" || own == to[1] "/" to[2]) # the mains may name everything
			next
		if (!(own in known))
			print from[1] " is in a folder that tests/lint.sh does not know"
		else if (!((own, to[1]) in allowed) && !((own, to[1] "/" to[2]) in allowed) &&
			!((own, to[2]) in allowed && to[1] == at[1]) && !((own, to[2] "/" to[3]) in allowed && to[1] == at[1]))
			print from[1] ":" from[2] " includes " $2
	}')
[ -z "$upwards" ] && echo '  ok    includes run one way' || fail "includes against the order of docs/ARCHITECTURE.md: $upwards"

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
if [ -e tests/web/node_modules/prettier ]; then
	(cd tests/web && npm run -s format:check) && echo '  ok    form of the pages' || fail 'form of the pages: (cd tests/web && npm run format)'
else
	echo '  --    prettier is not installed (tests/web: npm ci)'
fi
exit "$failed"
