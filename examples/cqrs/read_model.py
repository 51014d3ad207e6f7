"""The read model: what each user bought, and where each partition of the orders continues; in one database, so that both change together or not at all."""
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS spending (user TEXT PRIMARY KEY, orders INTEGER NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS offsets (topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, partition));
"""


def open_read_model(path):
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    return database
