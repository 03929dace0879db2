"""How is a table written? The template that a shop fills in, and right rows as they are handed from one page to the next."""

import csv
from collections.abc import Iterable
from io import StringIO

from oscar_engage.analytics.volumes.check import Column, VolumeRow


def write_table(rows: Iterable[VolumeRow], *, separator: str = ";") -> str:
    """Return rows as a file that :mod:`check` reads as the same rows."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([column.value for column in Column])
    for row in rows:
        minutes = "" if row.minutes is None else f"{row.minutes:f}".replace(".", ",")
        writer.writerow([row.day.isoformat(), row.channel.value, row.topic, row.contacts, minutes])
    return text.getvalue()
