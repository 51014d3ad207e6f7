"""Prints a table of the read model as CSV: `spending`, or `offsets` in the form that `kt tail --from-file` takes.

    python3 show.py shop.db offsets
"""
import sys

from read_model import open_read_model

database, table = open_read_model(sys.argv[1]), sys.argv[2]
for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
    print(*row, sep=",")
