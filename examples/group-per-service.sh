#!/usr/bin/env bash
# A group per service: billing and mailer read the same orders, each at its own pace, with offsets of its own. And an alert when one of them falls behind.
#
#   examples/group-per-service.sh        needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run billing=billing-$run mailer=mailer-$run

kt topics create "$orders" --partitions 3 --retention forever
orders 1 100 | kt produce "$orders" -i json

say '1. billing reads all 100 orders, mailer only 40.'
show kt tail "$orders" --group "$billing" --commit --from-beginning --exit >"$work/billed"
show kt tail "$orders" --group "$mailer" --commit --from-beginning -n 40 >"$work/mailed"
echo "billing has read $(wc -l <"$work/billed") orders, mailer $(wc -l <"$work/mailed")"

say '2. The lag of each, and a check for CI or cron: exit code 1 where a limit is exceeded.'
show kt lag "$billing" --max-lag 50
code=0
show kt lag "$mailer" --max-lag 15 || code=$?
echo "exit code $code"
[ "$code" = 1 ]

say '3. Orders keep coming and mailer is down: its lag grows. A limit need not be known for that.'
kt produce "$orders" --count 1000 --rate 50/s --key-template 'user-{{int 1 20}}' -q >"$work/load" 2>&1 &
arriving() { ! kt lag "$mailer" --max-lag 55 -q >"$work/lag" 2>&1; }
until_done arriving
code=0
show kt lag "$mailer" --fail-if-growing --for 4s --interval 1s || code=$?
echo "exit code $code"
[ "$code" = 1 ]

say '4. mailer is up again: the deploy waits until it has caught up.'
kill $!
kt tail "$orders" --group "$mailer" --commit -q >"$work/mailed" &
show kt lag "$mailer" --max-lag 0 --wait --for 1m
