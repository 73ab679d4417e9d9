#!/bin/sh
# The demo's last words: the web's address, and for each role a user with his one-time link. Called by demo.sh, which exported the
# way to the database; may be called again for fresh links: the users are kept, their links are new.
set -eu
cd "$(dirname "$0")/../.."
. tests/demo/settings.sh
url=$(psql -XAtqc 'SELECT url FROM padan.web_address')
# Of all villages the one with most households that nobody reached has most to verify.
village=$(psql -XAtqc "SELECT village FROM padan.flags WHERE kind = 'EXCLUSION' AND village IS NOT NULL AND status <> 'resolved'
	GROUP BY village ORDER BY count(*) DESC, village LIMIT 1")
name=$(psql -XAtqc "SELECT name FROM padan.villages WHERE village = ${village:-0}")

# What waits there as a sheet for the verifier's phone, as the administrator's page Lapangan makes it; once.
[ -z "$village" ] || psql -XqAt -v ON_ERROR_STOP=1 >/dev/null <<END
BEGIN;
SELECT set_config('padan.district', (SELECT district::text FROM padan.villages WHERE village = $village), true),
	set_config('padan.role', 'administrator', true), set_config('padan.actor', 'admin', true);
SELECT padan.web_sheets_make('[$village]', NULL, NULL, 60) WHERE NOT EXISTS (SELECT FROM padan.sheets WHERE village = $village);
COMMIT;
END

link() {
	user=$1 text=$2
	shift 2
	"$padan" user add "$user" "$@" >/dev/null 2>&1 || true # it may be there already
	printf '  %-28s %-10s %s\n' "$text" "$user" "$("$padan" user link "$user" --json | sed -n 's/.*"link": "\(.*\)",*/\1/p')"
}

cat <<END

Di peramban: $url
Tautan sekali pakai untuk memasang kata sandi (paling sedikit 12 karakter), satu untuk tiap peran:

END
link admin 'Administrator data' --role administrator --full-name 'Hendra Saputra'
link bappeda 'Bappeda' --role bappeda --full-name 'Ratna Kusuma'
link dinsos 'Pengelola program (Dinsos)' --role office --office dinsos --full-name 'Yusuf Hamdani'
[ -z "$village" ] || link "desa" "Verifikator desa $name" --role verifier --village "$village" --full-name 'Siti Maryam'
echo
echo 'Tautan baru: padan user link NAMA.'
