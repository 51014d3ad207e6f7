#!/usr/bin/env bash
# A producer whose records are stored once and in order, and a consumer that commits only after it has processed.
# The consumer crashes at the worst moment, after processing and before committing: the records come again, and none is lost.
#
#   examples/producer-consumer.sh        needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092): kt local up
set -euo pipefail
. "$(dirname "$0")/lib.sh"
orders=orders-$run
group=billing-$run

say '1. Produce 300 orders. acks=all and idempotence are the default; a key always goes to the same partition.'
show kt topics create "$orders" --partitions 3 --retention forever
orders 1 300 | show kt produce "$orders" -i json --compression snappy

# The consumer's own work, here: a line for each invoice.
process() { cut -f2 >>"$work/invoices"; }

# Reads up to 100 records as a member of the group, processes them, then commits where each partition continues.
# --exit ends at the end of the topic, and without --commit kt commits nothing itself.
consume_batch() {
  kt tail "$orders" --group "$group" --from-beginning --exit -n 100 -q -f '%t,%p,%o\t%s\n' >"$work/batch"
  process <"$work/batch"
  if [ "${1:-}" = crash ]; then return 1; fi
  commit <"$work/batch"
}

# Sets the group's offsets to the ones behind the last record of each partition.
commit() {
  awk -F '[,\t]' '{ next_offset[$1 "," $2] = $3 + 1 } END { for (partition in next_offset) print partition "," next_offset[partition] }' |
    kt groups reset-offsets "$group" --from-file - --execute -o name -q >"$work/committed"
}

say '2. Consume: the first batch is processed and committed, the second one is processed, and then the consumer crashes.'
consume_batch
consume_batch crash || echo 'crashed before the commit'
show kt lag "$group"

say '3. It starts again, from what was committed, and reads to the end.'
until kt lag "$group" --max-lag 0 -q >"$work/lag" 2>&1; do consume_batch; done
show kt lag "$group" --max-lag 0

invoices=$(wc -l <"$work/invoices")
different=$(sort -u "$work/invoices" | wc -l)
say "$invoices orders processed, $different different ones: $((invoices - different)) came twice, none was lost."
echo 'That is at-least-once: make processing idempotent (by order id), or keep the offsets in the database of the results (examples/cqrs).'
[ "$different" = 300 ]
