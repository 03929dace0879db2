"""How many rules may be live at once? As many as a beat can judge in 2 ms; beyond that the lowest ones have to wait.

With 5,000 conditions, of which about half are read before a rule's answer is known, a beat takes that long.
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
