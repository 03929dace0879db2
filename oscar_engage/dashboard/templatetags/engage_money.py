"""Money as the reader's locale writes it, from the hundredths in which reports count."""

from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.filter
def hundredths(amount: float | None, currency: str) -> str:
    """Write ``amount`` hundredths of ``currency``, such as ``"£12.50"``; nothing for ``None``."""
    return "" if amount is None else say_money(amount, currency)


def say_money(amount: float, currency: str) -> str:
    """Return hundredths as money in the language that is active."""
    return format_currency(Decimal(round(amount)) / 100, currency, locale=to_locale(get_language() or "en"))
