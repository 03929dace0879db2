"""How long is that, in the few words that fit a table?"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_LONG = 10
"""From so many of a unit on, the next smaller one says nothing any more."""

_UNITS = (
    (86_400, 3600, gettext_lazy("%(large)d d"), gettext_lazy("%(large)d d %(small)d h")),
    (3600, 60, gettext_lazy("%(large)d h"), gettext_lazy("%(large)d h %(small)d min")),
    (60, 1, gettext_lazy("%(large)d min"), gettext_lazy("%(large)d min %(small)d s")),
)
"""Seconds of a unit and of the next smaller one; how it is said without and with that one."""


def say_duration(seconds: float | None) -> str:
    """Return such as "40 s", "3 min 20 s", "2 h 5 min", "4 d"; an empty text for ``None``."""
    if seconds is None:
        return ""
    for unit, smaller, alone, both in _UNITS:
        if seconds >= unit - smaller / 2:
            large, small = divmod(round(seconds / smaller), unit // smaller)
            if large >= _LONG:
                return str(alone) % {"large": round(seconds / unit)}
            return str(both if small else alone) % {"large": large, "small": small}
    return _("%(seconds)d s") % {"seconds": round(seconds)}
