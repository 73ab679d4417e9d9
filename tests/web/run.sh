#!/bin/sh
# The pages in a real browser (chromium, headless) against a private PostgreSQL, a padand and a small simulated district of their
# own. Each tests/web/test_*.mjs is one file of tests; arguments choose: run.sh test_review
# PADAN_BUILD names the flavour of padand (release); KEEP=1 leaves everything running and says where, for a look (LOOK=1: without any test).
# Called by tests/run.sh, which has built the programs and the pages.
set -u
cd "$(dirname "$0")/../.."
: "${PADAN_BUILD:=release}" "${HOUSEHOLDS:=700}" "${SEED:=3}"
where=.run/web
folder=$PWD/$where
padan=$PWD/build/$PADAN_BUILD/padan
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)} || {
	echo 'tests/web: chromium is missing: apt-get install chromium' >&2
	exit 1
}
make -s "$PADAN_BUILD" pages || exit 1
[ -d tests/web/node_modules/playwright-core ] && [ tests/web/node_modules/.package-lock.json -nt tests/web/package-lock.json ] || (cd tests/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || exit 1

rm -rf "$where/district" "$where/inbox" "$where/padand.log" "$where/web.json"
sh tests/support/pg_cluster.sh start "$where" --no-fsync || exit 1
rm -f "$where/padand.pid"
: >"$where/padand.log"
stop() {
	[ -n "${KEEP:-}" ] && return
	[ ! -f "$where/padand.pid" ] || kill "$(cat "$where/padand.pid")" 2>/dev/null
	wait
	sh tests/support/pg_cluster.sh stop "$where"
}
trap stop EXIT
trap 'exit 130' INT TERM
PGHOST=$(sh tests/support/pg_cluster.sh socket "$where") PGUSER=postgres PGDATABASE=padan PADAN_LANG=id
export PGHOST PGUSER PGDATABASE PADAN_LANG
unset PGPORT PGSERVICE PGOPTIONS

# A district with a target list and lists of four programmes, one of them twice; no list is left on its way.
quiet() {
	"$@" >"$folder/said.log" 2>&1 && return
	cat "$folder/said.log" >&2
	exit 1
}
mkdir -p "$where/inbox"
quiet psql -Xqd postgres -c 'DROP DATABASE IF EXISTS padan WITH (FORCE)' -c 'CREATE DATABASE padan'
quiet "$padan" migrate
quiet "$padan" simulate --out "$where/district" --households "$HOUSEHOLDS" --seed "$SEED"
quiet "$padan" apply "$where/district/district.conf"
"$PWD/build/$PADAN_BUILD/padand" --inbox "$where/inbox" --web 127.0.0.1:0 --web-pages "$PWD/build/web" </dev/null >"$where/padand.log" 2>&1 &
echo $! >"$where/padand.pid"
n=0
until port=$(sed -n 's/.*web server listens.*port=\([0-9]*\).*/\1/p' "$where/padand.log") && [ -n "$port" ]; do
	n=$((n + 1))
	[ "$n" -lt 300 ] || { cat "$where/padand.log" >&2; exit 1; }
	sleep 0.1
done
quiet "$padan" import --target --period 2024-01 --decree 400/2024 --decree-date 2024-01-15 "$where/district/target.csv"
quiet "$padan" import --reference asn --period 2024-07 "$where/district/asn.csv"
quiet "$padan" import --programme pkh --period 2024-07 "$where/district/pkh.csv"
quiet "$padan" import --programme bpnt --period 2024-07 "$where/district/bpnt.xlsx"
quiet "$padan" import --programme blt_dd --period 2024-07 "$where/district/blt_dd.tsv"
quiet "$padan" import --programme pbi_jk --period 2024-07 "$where/district/pbi_jk.txt"

url=http://127.0.0.1:$port
village=$(psql -XAtqc 'SELECT village FROM padan.flags WHERE village IS NOT NULL GROUP BY village ORDER BY count(*) DESC, village LIMIT 1')
link() {
	"$padan" user add "$1" --url "$url" --json --full-name "$2" --role "$3" ${4:+"$4" "$5"} | sed -n 's/.*"link": *"\([^"]*\)".*/\1/p'
}
cat >"$where/web.json" <<END
{
	"url": "$url", "village": $village, "district": "$where/district", "log": "$where/padand.log", "pid": "$folder/padand.pid",
	"padand": ["$PWD/build/$PADAN_BUILD/padand", "--inbox", "$folder/inbox", "--web", "127.0.0.1:$port", "--web-pages", "$PWD/build/web"],
	"links": {
		"siti": "$(link siti 'Siti Administrator' administrator)",
		"budi": "$(link budi 'Budi Santoso' office --office dinsos)",
		"dewi": "$(link dewi 'Dewi Lestari' office --office dpmd)",
		"bagus": "$(link bagus 'Bagus Bappeda' bappeda)",
		"vera": "$(link vera 'Vera Desa' verifier --village "$village")",
		"baru": "$(link baru 'Orang Baru' bappeda)"
	}
}
END
[ $# -gt 0 ] || set -- $(cd tests/web && ls test_*.mjs | sed 's/\.mjs$//')
PADAN_WEB_WORLD=$folder/web.json
export CHROMIUM PADAN_WEB_WORLD
# Everybody but the new one has set a password.
node --input-type=module -e '
	import { readFileSync } from "node:fs"
	const world = JSON.parse(readFileSync(process.env.PADAN_WEB_WORLD, "utf8"))
	for (const [name, link] of Object.entries(world.links)) {
		if (name === "baru") continue
		const answer = await fetch(`${world.url}/api/v1/link/password`, { method: "POST", headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ token: link.split("#")[1], password: "ikan berenang di sungai" }) })
		if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
	}' || exit 1
passed=0 failed=0
[ -z "${LOOK:-}" ] || set --
# The pages ask for what the OpenAPI file describes, and for nothing else.
if [ $# -gt 0 ]; then
	if node daemon/web/build.mjs --types >"$folder/test.log" 2>&1 && tests/web/node_modules/.bin/tsc --noEmit -p daemon/web >>"$folder/test.log" 2>&1; then
		passed=1
		echo '  ok    types of the OpenAPI file'
	else
		failed=1
		echo '  FAIL  types of the OpenAPI file'
		cat "$folder/test.log"
	fi
fi
for name; do
	node --test "tests/web/$name.mjs" >"$folder/test.log" 2>&1
	p=$(sed -n 's/^\(# \|ℹ \)pass \([0-9]*\)$/\2/p' "$folder/test.log" | tail -1)
	f=$(sed -n 's/^\(# \|ℹ \)fail \([0-9]*\)$/\2/p' "$folder/test.log" | tail -1)
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
	if [ "${f:-1}" -eq 0 ]; then
		printf '  ok    %s (%s)\n' "$name" "$p"
	else
		printf '  FAIL  %s\n' "$name"
		cat "$folder/test.log"
	fi
done
[ -z "${KEEP:-}" ] || echo "$url  PGHOST=$PGHOST  $where/web.json"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
