"""What do side effects say in words? For pages and mails, in the language that is active."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.analytics.guardrails.measure import Measure
from oscar_engage.analytics.guardrails.report import Guard
from oscar_engage.analytics.words import say_number, say_points

MEASURES: Mapping[Measure, Any] = {
    Measure.RETURNS: gettext_lazy("Orders that came back"),
    Measure.CANCELLATIONS: gettext_lazy("Orders that were cancelled"),
    Measure.COMPLAINTS: gettext_lazy("Visitors who complained"),
    Measure.SPEED: gettext_lazy("Time until a page is loaded"),
}

_MS = 1000


def say_guard(guard: Guard) -> str:
    """Say how much a measure differs with help, and how sure that is; ``""`` while it cannot be compared."""
    difference = guard.difference
    if difference is None:
        return ""
    return _("%(measure)s: %(value)s with help (%(low)s to %(high)s, 95 %% sure).") % {
        "measure": MEASURES[guard.measure],
        "value": _say(guard.measure, difference.value),
        "low": _say(guard.measure, difference.low),
        "high": _say(guard.measure, difference.high),
    }


def _say(measure: Measure, value: float) -> str:
    if measure is Measure.SPEED:
        return _("%(seconds)s s") % {"seconds": f"{'+' if value > 0 else ''}{say_number(round(value / _MS, 3))}"}
    return _("%(points)s points") % {"points": say_points(value)}
