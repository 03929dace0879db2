"""How does a table leave the page? As a CSV file that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def send_sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return ``rows`` under ``head`` as the file ``name``.csv: UTF-8 with its mark, numbers with a point, dates as ISO.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left as they are.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return response


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
