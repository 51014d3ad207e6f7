#!/usr/bin/env bash
# The transactional outbox: a service writes its row and the event about it in one transaction, and a relay brings the events to Kafka.
# Writers commit and roll back, and the relay is killed with -9 again and again: every committed event is in the topic, and none that was rolled back.
#
#   examples/outbox/run.sh               needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092) and PostgreSQL; ROWS=10000 KILLS=20
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$here/postgres.sh"
. "$here/writers.sh"
events=order-events-$run
rows=${ROWS:-10000}
kills=${KILLS:-20}
start_postgres "$work/postgres"
kt topics create "$events" --partitions 3

unsent() { psql -At -c 'SELECT count(*) FROM outbox WHERE sent_at IS NULL'; }
all_sent() { [ "$(unsent)" = 0 ]; }

say "Two writers at work, and a relay that is killed with -9 $kills times."
start_writers "$rows"
for round in $(seq "$kills"); do
  set -m
  "$here/relay.sh" "$events" >"$work/relay.log" 2>&1 &
  set +m
  # After each kill at another moment of its work.
  sleep "0.$((round * 37 % 90 + 10))"
  kill -9 -- -$!
  wait $! 2>/dev/null || true
done
"$here/relay.sh" "$events" >"$work/relay.log" 2>&1 &
wait $writers
until_done all_sent

psql -At -c 'SELECT id FROM outbox' | sort >"$work/committed"
kt tail "$events" --from-beginning --exit -f '%h\n' | sed 's/^id=\([^,]*\),.*/\1/' | sort >"$work/in-topic"
sort -u "$work/in-topic" | diff "$work/committed" -
in_topic=$(wc -l <"$work/in-topic") committed=$(wc -l <"$work/committed")
say "$committed events committed, $((rows - committed)) rolled back. In the topic: each committed one, none that was rolled back, and $((in_topic - committed)) copies."
echo 'That is at-least-once: consumers leave out an id that they know. examples/outbox-debezium does it exactly once.'
show kt tail "$events" --from-beginning -n 1 -o json
