#!/usr/bin/env bash
# CQRS: orders are written as events, and read from a table of what each user bought, in SQLite.
# The offsets are kept in the transaction that changes the table. So whatever kills the projection, and however often, each order counts once.
#
#   examples/cqrs/run.sh                 needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092) and python3; KILLS=20
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
orders=orders-$run
kills=${KILLS:-20}

# Runs the projection into database $1; further arguments are for kt tail. It starts where the database says.
project() {
  local database=$1 offsets=$1.offsets
  shift
  python3 "$here/show.py" "$database" offsets >"$offsets"
  if [ -s "$offsets" ]; then set -- "$@" --from-file "$offsets"; else set -- "$@" --from-beginning; fi
  kt tail "$orders" -o json "$@" | python3 "$here/project.py" "$database"
}

kt topics create "$orders" --partitions 3 --retention forever
say "Orders come in, and the projection is killed with -9 in the middle of its work, $kills times."
for round in $(seq "$kills"); do
  orders $((round * 500 - 499)) $((round * 500)) | kt produce "$orders" -i json -q
  set -m
  project "$work/shop.db" >"$work/log" &
  set +m
  until_done grep -q committed "$work/log"
  kill -9 -- -$!
  wait $! 2>/dev/null || true
done

say 'The last time it runs to the end.'
project "$work/shop.db" --exit | tail -1
say 'Another projection reads everything at once, from the beginning, into an empty database.'
project "$work/rebuilt.db" --exit | tail -1

for table in spending offsets; do
  python3 "$here/show.py" "$work/shop.db" $table >"$work/$table"
  python3 "$here/show.py" "$work/rebuilt.db" $table | diff "$work/$table" -
done
echo
head -3 "$work/spending"
cat "$work/offsets"
say "Equal, row for row and offset for offset, after $kills kills."
