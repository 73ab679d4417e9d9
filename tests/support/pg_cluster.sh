#!/bin/sh
# A private PostgreSQL on a Unix socket, for the tests and the demo; no system cluster is touched and no port is opened.
#
#   pg_cluster.sh start DIR [--no-fsync]   makes it if need be, starts it; twice is fine. Says where on stderr.
#   pg_cluster.sh socket DIR               prints the socket's folder, for PGHOST. User and database are "postgres", without
#                                          a password: whoever may enter the folder (0700) is let in.
#   pg_cluster.sh stop DIR                 ends it; twice is fine
#   pg_cluster.sh crash DIR                ends it as a power cut would (immediate mode)
#   pg_cluster.sh status DIR               0 if it runs
#   pg_cluster.sh destroy DIR              ends it and removes all of it
#
# As root, PostgreSQL runs as the user postgres. Where that user cannot reach DIR, or the socket's path would be too long,
# the cluster lives in a private folder under ${TMPDIR:-/tmp}; DIR/where says which.
# --no-fsync: for tests alone; a power cut may lose everything.
set -eu

say() { printf 'pg_cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }

[ $# -ge 2 ] || usage
verb=$1 dir=$2
shift 2
no_fsync=
for arg; do
	case $arg in
	--no-fsync) no_fsync=yes ;;
	*) usage ;;
	esac
done
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac

find_binaries() {
	for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5nr); do
		[ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] && return
	done
	bin=$(pg_config --bindir 2>/dev/null) || bin=
	[ -n "$bin" ] && [ -x "$bin/initdb" ] || die "no PostgreSQL server found; install it: apt-get install postgresql"
}

# Runs a command as the user that PostgreSQL runs as, in a folder that this user can stand in.
if [ "$(id -u)" -eq 0 ]; then
	owner=postgres
	id "$owner" >/dev/null 2>&1 || die "root cannot run PostgreSQL and there is no user postgres; install the package postgresql"
	as_owner() { (cd / && runuser -u "$owner" -- "$@"); }
else
	owner=$(id -un)
	as_owner() { (cd / && "$@"); }
fi

socket_fits() { [ "$(printf %s "$1/s/.s.PGSQL.5432" | wc -c)" -le 100 ]; }

# A folder that belongs to the owner alone; fails where the owner cannot reach it.
make_home() {
	mkdir -p "$1" && chown "$owner" "$1" && chmod 700 "$1" && as_owner test -w "$1" 2>/dev/null
}

# Sets $home: DIR/pg, or what DIR/where names, or a new folder under the temporary directory.
find_home() {
	home=$dir/pg
	# A temporary folder that is gone is never made again under its old name: somebody else could have been faster.
	if [ -s "$dir/where" ] && { [ "$1" != make ] || [ -d "$(cat "$dir/where")" ]; }; then
		home=$(cat "$dir/where")
	elif [ "$1" = make ]; then
		mkdir -p "$dir"
		if ! socket_fits "$home" || ! make_home "$home"; then
			rmdir "$home" 2>/dev/null || true
			temporary=${TMPDIR:-/tmp}
			as_owner test -x "$temporary" && socket_fits "$temporary/padan-pg.XXXXXXXX" || temporary=/tmp
			home=$(mktemp -d "$temporary/padan-pg.XXXXXXXX")
			printf '%s\n' "$home" >"$dir/where"
		fi
	fi
	[ "$1" != make ] || make_home "$home" || die "user $owner cannot write in $home"
}

is_running() { [ -d "$home/data" ] && as_owner "$bin/pg_ctl" status -D "$home/data" >/dev/null 2>&1; }

# initdb works beside the final place, so that an interrupted one leaves nothing that looks finished.
make_data() {
	[ -s "$home/data/PG_VERSION" ] && return
	rm -rf "$home/data.new" "$home/data"
	as_owner "$bin/initdb" -D "$home/data.new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
		>"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; die "initdb failed"; }
	printf "include 'padan.conf'\n" >>"$home/data.new/postgresql.conf"
	mv "$home/data.new" "$home/data"
}

# Written at every start: the folder may have been moved. Errors in the log never quote the values of a row.
write_settings() {
	quoted=$(printf %s "$home/s" | sed "s/'/''/g")
	mkdir -p "$home/s"
	chown "$owner" "$home/s"
	chmod 700 "$home/s"
	cat >"$home/data/padan.conf" <<-END
		listen_addresses = ''
		port = 5432
		unix_socket_directories = '"$quoted"'
		fsync = $([ -n "$no_fsync" ] && echo off || echo on)
		full_page_writes = $([ -n "$no_fsync" ] && echo off || echo on)
		max_wal_size = 2GB
		checkpoint_timeout = 15min
		jit = off
		log_error_verbosity = terse
		log_min_error_statement = panic
		log_parameter_max_length_on_error = 0
		timezone = UTC
	END
	chown "$owner" "$home/data/padan.conf"
}

start() {
	find_home make
	if is_running; then
		say "already running in $home"
		return
	fi
	make_data
	write_settings
	# Detached: no terminal, no pipe, no lock of ours is held by the server.
	as_owner "$bin/pg_ctl" start -w -t 60 -D "$home/data" -l "$home/log" \
		>/dev/null 2>"$home/start.log" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || {
		cat "$home/start.log" >&2
		tail -n 20 "$home/log" >&2
		die "PostgreSQL did not start; its log: $home/log"
	}
	say "PostgreSQL $(cat "$home/data/PG_VERSION") runs in $home"
}

stop() {
	find_home look
	is_running || return 0
	as_owner "$bin/pg_ctl" stop -w -t 60 -m "$1" -D "$home/data" >/dev/null
}

find_binaries
case $verb in
start)
	mkdir -p "$dir"
	exec 9>"$dir/lock" # two starts at once: the second waits and finds it running
	flock 9
	start
	;;
socket) find_home look; printf '%s\n' "$home/s" ;;
stop) stop fast ;;
crash) stop immediate ;;
status) find_home look; is_running ;;
destroy)
	stop immediate
	rm -rf "$home"
	rm -f "$dir/where" "$dir/lock"
	;;
*) usage ;;
esac
