"""How many examples does a law get that reads and writes the database? All on SQLite in memory, a share of them elsewhere.

What a law says of our code it says there; what another database does differently shows in few examples, each of which takes
ten times as long.
"""

import os

FEWER = 4
FEWEST = 10


def examples(most: int) -> int:
    """Return ``most``, or a fourth of it (ten at least) on PostgreSQL."""
    return most if os.environ.get("ENGAGE_TEST_DB") != "postgres" else min(most, max(FEWEST, most // FEWER))
