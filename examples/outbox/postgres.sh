# A PostgreSQL of its own in a directory, with the outbox's tables; it ends with the script. Tells psql how to reach it. To be sourced.
# Debian: sudo apt-get install -y postgresql
start_postgres() { # directory, port (default: none, only a socket)
  local programs=(/usr/lib/postgresql/*/bin)
  local listen="-c listen_addresses=''"
  postgres=$1
  if [ $# = 2 ]; then
    listen="-c listen_addresses=localhost -c port=$2"
    export PGPORT=$2
  fi
  command -v pg_ctl >/dev/null || PATH=$PATH:${programs[-1]}
  command -v pg_ctl >/dev/null || { echo 'no PostgreSQL here: sudo apt-get install -y postgresql' >&2; return 2; }
  mkdir "$postgres"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$work"
    chown postgres "$postgres"
  fi
  as_postgres initdb -D "$postgres/data" -U postgres -A trust --no-sync >"$work/initdb.log"
  at_end+=(stop_postgres)
  # Debezium reads the write-ahead log, which has to be logical for it.
  as_postgres pg_ctl -D "$postgres/data" -l "$postgres/server.log" -w start \
    -o "-c unix_socket_directories='$postgres' $listen -c wal_level=logical -c fsync=off" >"$work/pg_ctl.log"
  export PGHOST=$postgres PGUSER=postgres PGDATABASE=postgres
  psql -q -v ON_ERROR_STOP=1 -f "$(dirname "${BASH_SOURCE[0]}")/schema.sql"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$(command -v "$1")" "${@:2}"; else "$@"; fi
}

stop_postgres() { as_postgres pg_ctl -D "$postgres/data" -m immediate stop >"$work/pg_ctl.log" 2>&1; }
