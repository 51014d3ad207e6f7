"""What the two agents of the guide must make of orders: reads them as JSON lines of `kt tail -o json`, prints the processed orders and the revenue of each window."""
import collections
import json
import sys
from decimal import ROUND_HALF_UP, Decimal

MINUTE = 60_000
processed, revenue, count = {}, collections.Counter(), collections.Counter()
for line in sys.stdin:
    record = json.loads(line)
    order = json.loads(record["value"])
    total = order["total"]
    with_tax = (Decimal(str(total)) * Decimal("1.2")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    processed[order["id"]] = {**order, "processed": True, "total_with_tax": float(with_tax)}
    window = (record["timestamp"] // MINUTE * MINUTE, order["category"])
    revenue[window] += total
    count[window] += 1
windows = [
    {"windowStart": start, "windowEnd": start + MINUTE, "key": key, "count": count[start, key], "revenue": revenue[start, key]}
    for start, key in sorted(revenue)
]
json.dump({"processed": [processed[order] for order in sorted(processed)], "revenue": windows}, sys.stdout)
