#!/bin/sh
# `make demo`: a simulated Kabupaten Muaro Jambi at work. A private PostgreSQL and the daemon are started; a target list
# and six offices' lists arrive through the three doors; what was found is shown with the true answer beside it.
# Everything lives in .run/demo and begins anew each time. What is left running is ended by stop.sh.
# HOUSEHOLDS and SEED choose another district.
set -eu
cd "$(dirname "$0")/../.."
. tests/demo/settings.sh
: "${HOUSEHOLDS:=6000}" "${SEED:=1}"

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
title() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
fail() {
	echo "$1" >&2
	echo "Catatan daemon: $demo/padand.log" >&2
	tail -n 20 "$demo/padand.log" 2>/dev/null >&2 || true
	exit 1
}

# Waits until no list is on its way, two minutes at most.
wait_for_list() {
	n=0
	until [ "$(psql -XAtqc "SELECT EXISTS (SELECT FROM padan.lists WHERE file_name LIKE '%$1%' AND state IN ('done', 'refused'))")" = t ]; do
		n=$((n + 1))
		[ "$n" -lt 1200 ] || fail "Daftar $1 tidak selesai diperiksa dalam dua menit."
		sleep 0.1
	done
}

found_so_far() {
	psql -Xq -P border=0 -P footer=off -f tests/demo/found.sql
}

trap 'trap - INT; echo; echo "Dihentikan di tengah. Yang masih berjalan: make demo-stop. Mulai lagi: make demo."; kill -INT $$' INT

title 'PostgreSQL pribadi'
stop_programs
sh "$cluster" stop "$demo" 2>/dev/null || true
rm -rf "$demo/district" "$demo/inbox" "$demo/result" "$demo/mail" "$demo/mail.port" "$demo/padand.log"
mkdir -p "$demo/mail"
sh "$cluster" start "$demo"
PGHOST=$(sh "$cluster" socket "$demo") PGUSER=postgres PGDATABASE=padan
export PGHOST PGUSER PGDATABASE PGOPTIONS='-c client_min_messages=warning'
psql -Xqd postgres -c 'DROP DATABASE IF EXISTS padan WITH (FORCE)' -c 'CREATE DATABASE padan'
"$padan" migrate

title 'Kabupaten buatan: daftar sasaran, enam daftar program, dua daftar acuan, dan jawaban benarnya'
"$padan" simulate --out "$demo/district" --households "$HOUSEHOLDS" --seed "$SEED" >/dev/null
(cd "$demo/district" && wc -l ./*.csv ./*.tsv ./*.txt | grep -v -e truth -e total -e lists.csv)
# Whom padand tells, through a mail server of the demo's own that keeps what it gets.
setsid python3 tests/demo/mail_sink.py "$demo/mail" </dev/null >"$demo/mail.port" 2>"$demo/mail.log" &
echo $! >"$demo/mail.pid"
n=0
until [ -s "$demo/mail.port" ]; do
	n=$((n + 1))
	[ "$n" -lt 100 ] || fail 'Server surat demo tidak mulai.'
	sleep 0.1
done
cat >>"$demo/district/district.conf" <<END

[alerts]
email               = bappeda@muarojambi.example
from                = padan@muarojambi.example
smtp                = smtp://127.0.0.1:$(cat "$demo/mail.port")
inclusion_share     = 10 %
excluded_in_village = 10
digest_hour         = no
END
"$padan" apply "$demo/district/district.conf" | tail -n 1

title 'Daemon mulai'
mkdir -p "$demo/inbox"
setsid "$padand" --inbox "$demo/inbox" --web "127.0.0.1:$(sh tests/demo/free_port.sh)" </dev/null >"$demo/padand.log" 2>&1 &
echo $! >"$demo/padand.pid"
n=0
until grep -q 'at work' "$demo/padand.log" 2>/dev/null; do
	n=$((n + 1))
	[ "$n" -lt 100 ] || fail 'padand tidak mulai.'
	sleep 0.1
done
echo "padand berjalan; catatannya di $demo/padand.log"

title 'Bappeda memasukkan daftar sasaran dan daftar acuan (padan import)'
"$padan" import --target --period 2024-01 --decree 400/2024 --decree-date 2024-01-15 "$demo/district/target.csv" </dev/null
for reference in asn meninggal; do
	"$padan" import --reference "$reference" --period 2024-07 "$demo/district/$reference.csv" </dev/null
done

# An office copies its file in under a name that is not read, then renames it: what every careful program does.
drop() {
	mkdir -p "$demo/inbox/$1"
	cp "$demo/district/$2" "$demo/inbox/$1/.$3.part"
	mv "$demo/inbox/$1/.$3.part" "$demo/inbox/$1/$3"
	wait_for_list "$3"
	found_so_far
}
title 'Dinas Sosial menaruh daftar PKH di kotak masuk'
drop dinsos pkh.csv pkh_2024-07.csv
title 'Dinas Sosial menaruh buku kerja BPNT'
drop dinsos bpnt.xlsx 'BPNT Juli 2024.xlsx'
title 'DPMD menaruh daftar BLT Dana Desa'
drop dpmd blt_dd.tsv 'BLT-DD 2024-07.tsv'
title 'Dinas Kesehatan menaruh daftar PBI-JK'
drop dinkes pbi_jk.txt pbi_jk_2024-07.txt
title 'Sistem Dinas Pendidikan mengisi daftar PIP lewat SQL'
python3 tests/demo/office_system.py "$demo/district/pip.csv" pip 2024-07 >"$demo/pip.sql"
PGUSER=padan_office_1505_disdik psql -XAtq -v ON_ERROR_STOP=1 -f "$demo/pip.sql" | sed 's/^staged|//'
wait_for_list 'sistem dinas'
found_so_far
title 'Dinas Perkim memasukkan daftar RTLH (padan import); daftar terakhir periode ini'
"$padan" import --programme rtlh --period 2024-07 "$demo/district/rtlh.csv" </dev/null

title 'Daftar yang diterima'
"$padan" lists

title 'Surat yang diterima Bappeda'
n=0
until [ "$(psql -XAtqc "SELECT count(*) FROM padan.alerts WHERE state = 'waiting'")" = 0 ] || [ "$n" -ge 100 ]; do
	n=$((n + 1))
	sleep 0.1
done
echo "$(find "$demo/mail" -name '*.txt' | wc -l) surat dikirim padand ke Bappeda dan dinas; semuanya ada di $demo/mail."
echo 'Dua di antaranya: hasil satu daftar, dan kabar segera bahwa suatu ambang terlampaui.'
shown=
for wanted in 'selesai diperiksa' 'banyak'; do
	mail=$(grep -l 'bappeda@' "$demo"/mail/*.txt | xargs -r -d '\n' grep -li "^Perihal:.*$wanted" | grep -vxF "$shown" | tail -n 1)
	[ -n "$mail" ] || continue
	shown=$mail
	echo
	sed 's/^/  │ /' "$mail"
done

title 'Seberapa benar (dibandingkan dengan jawaban yang sebenarnya)'
mkdir -p "$demo/result"
(cd "$demo/result" && psql -Xq -f ../../../tests/demo/results.sql)
python3 tests/bench/score_district.py --lang id "$demo/district" "$demo/result"

title 'Beberapa temuan, lengkap, dengan jawaban yang sebenarnya'
python3 tests/demo/examples.py "$demo/district" "$demo/result" >"$demo/examples.txt"
while IFS='	' read -r flag answer; do
	echo
	"$padan" explain "$flag" </dev/null
	printf '%sJawaban sebenarnya: %s.%s\n' "$bold" "$answer" "$plain"
done <"$demo/examples.txt"

title 'Silakan melihat-lihat'
cat <<END
padand tetap berjalan. Di terminal lain, atau di sini:

  export PGHOST='$PGHOST' PGUSER=postgres PGDATABASE=padan
  build/release/padan status
  build/release/padan flags --kind OVERLAP
  build/release/padan explain 1
  build/release/padan export --out verifikasi.xlsx

Taruh berkas sendiri di $demo/inbox/dinsos/ (misalnya pkh_2024-08.csv) dan lihat hasilnya dengan
build/release/padan lists. \`make demo-stop\` menghentikan semuanya.
END

sh tests/demo/web.sh
