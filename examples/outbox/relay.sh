#!/usr/bin/env bash
# The relay: sends what is new in the outbox to a topic, and marks it as sent once Kafka has acknowledged it. Run one at a time.
# If it dies between the two, the next one sends the batch again: at least once, with the same `id` header.
#
#   examples/outbox/relay.sh TOPIC       needs psql's settings (PGHOST, PGDATABASE, …) and KT_BOOTSTRAP_SERVER
set -euo pipefail
topic=$1
batch=$(mktemp -d)
trap 'rm -rf "$batch"' EXIT

unsent="
  SELECT id, json_build_object('key', key, 'value', payload::text, 'headers', json_build_array(
    json_build_object('key', 'id', 'value', id), json_build_object('key', 'type', 'value', type)))
  FROM outbox WHERE sent_at IS NULL ORDER BY number LIMIT 1000"

while :; do
  psql -qAt -F ' ' -v ON_ERROR_STOP=1 -c "$unsent" >"$batch/rows"
  if [ ! -s "$batch/rows" ]; then
    sleep 0.2
    continue
  fi
  # kt ends with 0 only if every record was acknowledged.
  cut -d ' ' -f 2- "$batch/rows" | kt produce "$topic" -i json -q
  psql -q -v ON_ERROR_STOP=1 -c "UPDATE outbox SET sent_at = now() WHERE id IN ($(cut -d ' ' -f 1 "$batch/rows" | sed "s/.*/'&'/" | paste -sd ,))"
  echo "sent $(wc -l <"$batch/rows")"
done
