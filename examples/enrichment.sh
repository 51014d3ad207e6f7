#!/usr/bin/env bash
# Stream processing, part one: orders in, processed orders out, each with its total with tax. What cannot be processed goes to a dead-letter topic with the reason.
#
#   examples/enrichment.sh               needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run processed=processed-orders-$run rejected=rejected-orders-$run

for topic in "$orders" "$processed" "$rejected"; do kt topics create "$topic" --partitions 3 --retention forever; done
orders 1 600 | kt produce "$orders" -i json
kt produce "$orders" -k user-1 -m '{"id":601,"user":"user-1","category":"toys","total":"12,50"}'

say '1. Each order exactly once: the offsets are committed in the transaction that writes the results.'
# Two processes of this line would share the partitions between them.
show kt pipe "$orders" "$processed" --group "enrich-$run" --exactly-once --from-beginning --exit --dead-letter "$rejected" \
  --map '{...value, processed: true, total_with_tax: round(value.total.toFixed(2) * 1.21, 2)}'

say '2. Key, partition and timestamp are those of the order.'
show kt tail "$processed" --last 2 -o json

say '3. A total that is text has no toFixed: the order was rejected. Mend the cause, and send it again.'
show kt tail "$rejected" --from-beginning --exit -o json
