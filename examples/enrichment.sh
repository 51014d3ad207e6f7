#!/usr/bin/env bash
# Stream processing, part one: orders in, processed orders out, each with its total with tax, exactly once.
# What cannot be processed goes to a dead-letter topic with the reason; mended, it goes back to where it came from.
#
#   examples/enrichment.sh               needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run processed=processed-orders-$run rejected=rejected-orders-$run

show kt topics create "$orders" "$processed" "$rejected" --partitions 3 --retention forever
orders 1 600 | kt produce "$orders" -i json
kt produce "$orders" -k user-1 -m '{"id":601,"user":"user-1","category":"toys","total":"12,50"}'

# The offsets are committed in the transaction that writes the results. Several processes of this line would share the partitions.
# Without --exit it goes on. A total that is text has no toFixed, so it is rejected.
enrich() {
  show kt pipe "$orders" "$processed" --group "enrich-$run" --exactly-once --from-beginning --exit --dead-letter "$rejected" \
    --map '{...value, processed: true, total_with_tax: round(value.total.toFixed(2) * 1.2, 2)}'
}

say '1. The agent. One of the orders has a total that is no number.'
enrich

say '2. Key, partition and timestamp of a processed order are those of the order.'
show kt tail "$processed" --last 2 -o json

say '3. The rejected one, with the reason.'
show kt tail "$rejected" --from-beginning --exit -f '%h %s\n'

say '4. Mended, and sent back to the topic that its header names; then the agent takes it from there.'
show kt pipe "$rejected" --to-header x-original-topic --from-beginning --exit --map '{...value, total: Number(value.total.replace(",", "."))}'
enrich
