"""Numbers as the reader's locale writes them."""

from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


def _locale() -> str:
    return to_locale(get_language() or "en")


@register.filter
def percent(share: float | None) -> str:
    """Write a share in [0, 1] as a percentage with at most one decimal; nothing for ``None``."""
    return "" if share is None else format_percent(share, format="#,##0.#%", locale=_locale())


@register.filter
def number(value: float | Decimal | None) -> str:
    """Write a number with the locale's separators; nothing for ``None``."""
    return "" if value is None else format_decimal(value, locale=_locale())


@register.filter
def points(share: float | None) -> str:
    """Write a difference of shares in percentage points with its sign and at most one decimal; nothing for ``None``."""
    return "" if share is None else format_decimal(100 * share, format="+#,##0.#;-#,##0.#", locale=_locale())
