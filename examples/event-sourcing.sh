#!/usr/bin/env bash
# Event sourcing: what happened is stored, never changed; what is follows from it. The balance of an account is the fold of its events, now or at any time.
#
#   examples/event-sourcing.sh           needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
accounts=account-events-$run

# The events of an account have its number as key, so they are in one partition, and in order. They are kept for ever.
show kt topics create "$accounts" --partitions 3 --retention forever

say '1. Events are appended.'
show kt produce "$accounts" -i json --report <<'END'
{"timestamp":1790000000000,"key":"A-1","value":"{\"type\":\"Opened\",\"owner\":\"Ann\"}"}
{"timestamp":1790000060000,"key":"A-1","value":"{\"type\":\"Deposited\",\"cents\":10000}"}
{"timestamp":1790000120000,"key":"A-2","value":"{\"type\":\"Opened\",\"owner\":\"Ben\"}"}
{"timestamp":1790000180000,"key":"A-2","value":"{\"type\":\"Deposited\",\"cents\":2500}"}
{"timestamp":1790000240000,"key":"A-1","value":"{\"type\":\"Withdrawn\",\"cents\":3000}"}
{"timestamp":1790000300000,"key":"A-2","value":"{\"type\":\"Withdrawn\",\"cents\":500}"}
END

# One event after the other, beginning with no money.
apply='(account, event) => ({
  owner: event.owner ?? account.owner,
  cents: account.cents + (event.type === "Deposited" ? event.cents : 0) - (event.type === "Withdrawn" ? event.cents : 0)
})'
init='{cents: 0}'

say '2. The state now, folded from all events.'
show kt table "$accounts" --fold "$apply" --init "$init" -f '%k %v\n'

say '3. The state as of 14:16:30 UTC, before the money was taken out.'
show kt table "$accounts" --fold "$apply" --init "$init" --at 2026-09-21T14:16:30Z -f '%k %v\n'

say '4. One account, and the events that explain it.'
show kt table "$accounts" --fold "$apply" --init "$init" --key A-1 -f '%k %v\n'
show kt trace "$accounts" --key A-1
