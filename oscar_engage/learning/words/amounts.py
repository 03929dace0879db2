"""How are amounts said within a phrase? Short, rounded to what one reads at a glance, by the reader's locale. Pure."""

from babel import Locale
from babel.numbers import format_currency
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from oscar_engage.analytics.words import say_number

_MINUTE, _HOUR = 60, 3_600


def say_whole_money(amount: float, currency: str) -> str:
    """Write an amount rounded to whole units; a bare number where the currency is not known."""
    if not currency:
        return say_number(round(amount))
    locale = Locale.parse(to_locale(get_language() or "en"))
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0")
    return str(format_currency(round(amount), currency, locale=locale, format=pattern, currency_digits=False))


def say_span(seconds: float) -> str:
    """Write a span with one unit: ``40 s``, ``3 min``, ``2 h``."""
    whole = round(seconds)
    if whole < _MINUTE:
        return _("%(number)s s") % {"number": say_number(whole)}
    if whole < _HOUR:
        return _("%(number)s min") % {"number": say_number(round(whole / _MINUTE))}
    return _("%(number)s h") % {"number": say_number(round(whole / _HOUR))}
