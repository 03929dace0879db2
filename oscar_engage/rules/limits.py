"""How many rules may be live at once? As many as a process can keep up to date; beyond that the lowest ones have to wait.

Judging is no longer what limits them: 1,000 rules take a beat some 20 µs and 10,000 some 100 µs, besides reading the variables.
With 5,000 rules of five conditions a process holds about 10 MB and a fifth of a second is spent on building, in a thread, after
each change; comparing their rows with the database takes that thread some 25 ms a second.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from oscar_engage.conf import get_settings
from oscar_engage.rules.engine.tree import Document

Row = TypeVar("Row")


class TooManyRulesError(ValueError):
    """With this rule, more would be live than ``LIVE_RULES`` or ``LIVE_CONDITIONS`` allow; nothing was changed."""


def check_room(document: Document, *, others: Iterable[Document]) -> None:
    """Raise :class:`TooManyRulesError` if ``document`` has no room beside the ``others`` that are live."""
    together = [*others, document]
    if len(list(within_limits((index, one) for index, one in enumerate(together)))) < len(together):
        settings = get_settings()
        raise TooManyRulesError(
            f"At most {settings.live_rules} rules with {settings.live_conditions} conditions are live at once."
        )


def within_limits(rules: Iterable[tuple[Row, Document]]) -> Iterator[tuple[Row, Document]]:
    """Give of ``rules``, the highest first, as many as may be live; the first that has no room ends it."""
    settings, conditions = get_settings(), 0
    for number, (row, document) in enumerate(rules, start=1):
        conditions += sum(1 for _condition in document.conditions())
        if number > settings.live_rules or conditions > settings.live_conditions:
            return
        yield row, document
