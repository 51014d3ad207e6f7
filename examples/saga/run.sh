#!/usr/bin/env bash
# A saga: an order is created, then paid; if the payment fails, a compensator cancels the order. No service knows the whole: `kt trace` shows and checks it.
#
#   examples/saga/run.sh                 needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$here/services.sh"
orders=orders-$run payments=payments-$run

kt topics create "$orders" "$payments" --partitions 3 --retention forever
payments_service 2>"$work/payments.log" &
compensator 2>"$work/compensator.log" &
compensator=$!

create_order() { kt produce "$orders" -k "$1" -m "{\"type\":\"OrderCreated\",\"order\":$1,\"total\":$(($1 * 10))}" -q; }
happened() { # order, the steps
  kt trace "$orders" "$payments" --key "$1" --expect "$2" --within 5m
}
quietly() { "$@" >"$work/trace" 2>&1; }

say '1. Twenty orders; every fifth cannot be paid.'
for order in $(seq 20); do create_order "$order"; done
until_done quietly happened 20 OrderCreated,PaymentFailed,OrderCancelled

say '2. Order 16 was paid, order 20 was cancelled.'
show kt trace "$orders" "$payments" --key 16 --expect OrderCreated,PaymentCompleted
show kt trace "$orders" "$payments" --key 20 --expect OrderCreated,PaymentFailed,OrderCancelled --within 5m

say '3. Without the compensator order 25 hangs: exit code 1, and the step that is missing.'
kill "$compensator"
create_order 25
until_done quietly happened 25 OrderCreated,PaymentFailed
code=0
show kt trace "$orders" "$payments" --key 25 --expect OrderCreated,PaymentFailed,OrderCancelled || code=$?
echo "exit code $code"
[ "$code" = 1 ]

say '4. The compensator is up again, and goes on where it stopped.'
compensator 2>"$work/compensator.log" &
until_done quietly happened 25 OrderCreated,PaymentFailed,OrderCancelled
show kt trace "$orders" "$payments" --key 25 --expect OrderCreated,PaymentFailed,OrderCancelled
