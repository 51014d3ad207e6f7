#!/usr/bin/env bash
# What a deployment does with Kafka, for any CI: topics from git, then the lag of the service that was deployed. It ends at the first step that fails.
#
#   examples/ci/check.sh                 needs a Kafka at KT_BOOTSTRAP_SERVER (default localhost:9092), and the group that it looks at
set -euo pipefail
topics=${TOPICS:-$(dirname "$0")/topics.yaml} group=${GROUP:-shop.billing} watch=${WATCH:-1m}

echo '1. Make the topics as the file says: what is missing is created, what differs is changed, what is in no file is left alone.'
kt topics apply "$topics"

echo '2. Has somebody changed them by hand? Nothing is changed here; exit code 1 if the cluster differs from the file.'
kt topics apply "$topics" --check

echo '3. Wait until the group has read everything, ten minutes at most.'
kt lag "$group" --max-lag 0 --wait --for 10m

echo '4. Fail if the group falls behind while it is watched.'
kt lag "$group" --fail-if-growing --for "$watch"
