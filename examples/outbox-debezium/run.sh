#!/usr/bin/env bash
# The transactional outbox without a relay of one's own: Debezium, in Kafka Connect, reads PostgreSQL's write-ahead log and writes each event exactly once.
# The worker is killed with -9 while orders come in: every committed event is in the topic, once, and none that was rolled back.
#
#   examples/outbox-debezium/run.sh      needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092), PostgreSQL, Java 17, Maven, curl; ROWS=20000 KILLS=3
#                                        Maven downloads 60 MB once, into CONNECT (default ~/.cache/kt-connect)
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$here/../outbox/postgres.sh"
. "$here/../outbox/writers.sh"
events=order-events-$run
rows=${ROWS:-20000}
kills=${KILLS:-3}
connect=${CONNECT:-$HOME/.cache/kt-connect}
database_port=$((20000 + RANDOM % 10000))
rest_port=$((database_port + 1))

for part in worker plugin; do
  [ -e "$connect/$part.done" ] || {
    mvn -B -q -f "$here/$part.pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$connect/$part/libraries"
    touch "$connect/$part.done"
  }
done
start_postgres "$work/postgres" "$database_port"
kt topics create "$events" --partitions 3

fill_in() {
  sed -e "s|@BOOTSTRAP@|${KT_BOOTSTRAP_SERVER:-localhost:9092}|" -e "s|@RUN@|$run|" -e "s|@PORT@|$rest_port|" -e "s|@PLUGINS@|$connect/plugin|" \
    -e "s|@DATABASE_PORT@|$database_port|" -e "s|@TOPIC@|$events|" "$here/$1"
}
fill_in worker.properties >"$work/worker.properties"
start_worker() {
  java -Xmx384m -cp "$connect/worker/libraries/*" org.apache.kafka.connect.cli.ConnectDistributed "$work/worker.properties" >>"$work/worker.log" 2>&1 &
  worker=$!
}
configured() { fill_in connector.json | curl -sf -X PUT -H 'Content-Type: application/json' -d @- "http://localhost:$rest_port/connectors/outbox/config" >"$work/config"; }
running() { curl -sf "http://localhost:$rest_port/connectors/outbox/status" 2>/dev/null | grep -q '"tasks":\[{"id":0,"state":"RUNNING"'; }
in_topic() { kt tail "$events" --from-beginning --exit -q -f '%o\n' | wc -l; }

say 'A worker starts, and runs Debezium.'
start_worker
until_done configured
until_done running

# Slow enough to last through the kills.
pause=0.12
say "Two writers at work, and the worker is killed with -9 $kills times."
start_writers "$rows"
more_than() { [ "$(in_topic)" -gt "$1" ]; }
for round in $(seq "$kills"); do
  until_done more_than "$(in_topic)"
  kill -9 "$worker"
  wait "$worker" 2>/dev/null || true
  start_worker
  until_done running
done
wait $writers

committed=$(psql -At -c 'SELECT count(*) FROM outbox')
all_there() { more_than $((committed - 1)); }
until_done all_there
psql -At -c 'SELECT id FROM outbox' | sort >"$work/committed"
kt tail "$events" --from-beginning --exit -f '%h\n' | sed 's/.*,id=\([^,]*\).*/\1/' | sort >"$work/in-topic"
diff "$work/committed" "$work/in-topic"
say "$committed events committed, $((rows - committed)) rolled back. In the topic: each committed one, once."
show kt tail "$events" --from-beginning -n 1 -o json
