#!/usr/bin/env bash
# Stream processing, part two: the revenue of each category in windows of one minute, by the time of the orders.
#
#   examples/revenue.sh                  needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run revenue=revenue-$run

kt topics create "$orders" --partitions 3 --retention forever
orders 1 600 | kt produce "$orders" -i json

say '1. At a terminal, over what is there.'
show kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --exit -o json | tee "$work/rows" | head -5

say '2. As a service: results, state and offsets in one transaction. Killed and started again it goes on without a difference; a second process stands by.'
kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --into "$revenue" --group "revenue-$run" &
closed_windows() { [ "$(kt tail "$revenue" --from-beginning --exit 2>"$work/errors" | wc -l)" -ge 40 ]; }
until_done closed_windows
show kt tail "$revenue" --from-beginning -n 3 -o json
echo 'The newest window is still open: an order of the same minute may come.'

say '3. Where one machine is not enough, the same job for Apache Flink.'
show kt aggregate "$orders" --by value.category --window 1m --count --sum revenue=value.total --from-beginning --print flink-sql
