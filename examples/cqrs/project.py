"""Writes orders into the read model, with their offsets in the same transaction.

    kt tail orders --from-beginning -o json | python3 project.py shop.db
"""
import json
import os
import sys

from read_model import open_read_model

ADD_ORDER = """INSERT INTO spending VALUES (?, 1, ?)
  ON CONFLICT DO UPDATE SET orders = orders + 1, cents = cents + excluded.cents"""
SET_OFFSET = """INSERT INTO offsets VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET next = excluded.next"""


def batches(descriptor):
    """The complete lines that came together: one transaction each."""
    rest = b""
    while chunk := os.read(descriptor, 1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield lines


def apply(database, line):
    record = json.loads(line)
    order = json.loads(record["value"])
    database.execute(ADD_ORDER, (order["user"], round(order["total"] * 100)))
    database.execute(SET_OFFSET, (record["topic"], record["partition"], record["offset"] + 1))


database = open_read_model(sys.argv[1])
for lines in batches(sys.stdin.fileno()):
    with database:
        for line in lines:
            apply(database, line)
    print(f"committed {len(lines)} orders", flush=True)
