#!/usr/bin/env bash
# A compacted topic keeps the newest value of each key for ever: a table in a topic. Shown: what the log cleaner takes away, and that the table stays the same.
#
#   examples/compaction.sh               needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092); the cleaner looks every 15 seconds
set -euo pipefail
. "$(dirname "$0")/lib.sh"
users=users-$run

say '1. A topic that is compacted soon: these three settings are for showing it, the defaults are for a week of work.'
show kt topics create "$users" --partitions 1 --cleanup-policy compact \
  --config min.cleanable.dirty.ratio=0 --config segment.ms=100 --config delete.retention.ms=0

say '2. Ten versions of five users; then user-5 is deleted: a null value, called a tombstone.'
for version in $(seq 10); do
  for user in $(seq 5); do echo "user-$user|{\"name\":\"user $user\",\"version\":$version}"; done
done | show kt produce "$users" -K '|'
show kt produce "$users" -k user-5 --tombstone
show kt table "$users" -f '%k %v\n' | tee "$work/before"

say '3. The cleaner works on full segments only; a little later it has thrown away what was overwritten.'
# A later record begins a new segment, so that the one before is full.
compacted() {
  sleep 1
  kt produce "$users" -k user-1 -m '{"name":"user 1","version":10}' -q
  [ "$(kt tail "$users" --from-beginning --exit | wc -l)" -lt 20 ]
}
until_done compacted
show kt tail "$users" --from-beginning --exit -f '%o %k %s\n'
echo 'Offsets are never given again: there are gaps where records were. A tombstone goes too, in a later round.'

say '4. The table is the same.'
show kt table "$users" -f '%k %v\n' >"$work/after"
diff "$work/before" "$work/after"
