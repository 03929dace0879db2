"""How are figures written? By the reader's locale; amounts of money rounded to what one can read at a glance."""

from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import get_language, to_locale

HUNDREDTHS = 100
WHOLE_FROM = 100
"""From this amount on nobody reads the hundredths."""


def say_number(value: float) -> str:
    """Write a number with the locale's separators."""
    return _with_minus(format_decimal(value, locale=_locale()))


def say_share(share: float, *, places: int = 1) -> str:
    """Write a share in [0, 1] as a percentage with at most ``places`` decimals."""
    return _with_minus(format_percent(share, format=f"#,##0.{'#' * places}%", locale=_locale()))


def say_change(percent: float) -> str:
    """Write a change in per cent with its sign; with a tenth as long as it is small."""
    rounded = round(percent, 1 if abs(percent) < 10 else 0)  # noqa: PLR2004 - two digits are read at a glance
    written = format_decimal(rounded, format="+#,##0.#;-#,##0.#", locale=_locale()) if rounded else "0"
    return f"{_with_minus(written)}%"


def say_points(share: float) -> str:
    """Write a difference of shares in percentage points with its sign and at most one decimal."""
    return _with_minus(format_decimal(HUNDREDTHS * share, format="+#,##0.#;-#,##0.#", locale=_locale()))


def say_money(hundredths: float, currency: str) -> str:
    """Write an amount given in hundredths; without hundredths from :data:`WHOLE_FROM` on."""
    amount = hundredths / HUNDREDTHS
    if abs(amount) >= WHOLE_FROM or not amount:
        written = format_currency(round(amount), currency, locale=_locale(), currency_digits=False, format=_whole())
    else:
        written = format_currency(amount, currency, locale=_locale())
    return _with_minus(written)


def _with_minus(written: str) -> str:
    """Return it with a real minus sign: a line may break after a hyphen."""
    return written.replace("-", "\N{MINUS SIGN}")


def _whole() -> str:
    return "#,##0\N{NO-BREAK SPACE}¤" if _locale().startswith("de") else "¤#,##0"


def _locale() -> str:
    return to_locale(get_language() or "en")
