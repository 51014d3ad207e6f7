#!/usr/bin/env bash
# Stream processing, part two: the revenue of each category in windows of one minute, by the time of the orders.
#
#   examples/revenue.sh                  needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run revenue=revenue-$run

kt topics create "$orders" --partitions 3 --retention forever
orders 1 300 | kt produce "$orders" -i json

say '1. At a terminal, over what is there.'
show kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --exit -o json >"$work/rows"
head -5 "$work/rows"

say '2. As a service: results, state and offsets are written in one transaction. It is killed with -9, orders keep coming, and it is started again.'
revenue_service() {
  exec kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --into "$revenue" --group "revenue-$run"
}
results() { kt tail "$revenue" --from-beginning --exit -q 2>"$work/errors" | wc -l; }
at_least() { [ "$(results)" -ge "$1" ]; }
revenue_service 2>"$work/service.log" &
until_done at_least 20
kill -9 $!
wait $! 2>/dev/null || true
orders 301 600 | kt produce "$orders" -i json
revenue_service 2>"$work/service.log" &
until_done at_least 45
show kt tail "$revenue" --from-beginning -n 3 -o json
echo "$(results) results: nine minutes, five categories. The last minutes are still open: orders may come late, by up to a minute (--grace)."

say '3. Where one machine is not enough, the same job for Apache Flink.'
show kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --print flink-sql
