"""How far back shall a variable look? Whole days or minutes, as parameters of variables that read the past."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from oscar_engage.rules.engine.values import Scalar
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.types import Integer

MOST_DAYS = 90
"""The longest look back: as long as signals are kept where nobody says otherwise (``RETENTION_DAYS``)."""

_MOST_MINUTES = 24 * 60


class Span(Integer):
    """A number of whole units of ``unit`` seconds each, from one to ``most``."""

    unit: ClassVar[int]
    most: ClassVar[int]

    def clean_one(self, raw: object) -> Scalar:
        """Return the number of units."""
        number = super().clean_one(raw)
        if not isinstance(number, int) or not 1 <= number <= self.most:
            raise WrongValueError(_("Type a whole number from 1 to %(most)d.") % {"most": self.most})
        return number


class Days(Span):
    """Days of 24 hours, counted back from the moment."""

    name = "days"
    unit, most = 24 * 60 * 60, MOST_DAYS

    def describe(self, value: Any) -> str:
        """Return the days in words, as they stand after "in the last"; nobody says "the last 1 day", so that one is hours."""
        return npgettext("in the last …", "24 hours", "%(count)s days", value) % {"count": value}


class Minutes(Span):
    """Minutes, counted back from the moment."""

    name = "minutes"
    unit, most = 60, _MOST_MINUTES

    def describe(self, value: Any) -> str:
        """Return the minutes in words, as they stand after "in the last"; one minute is said in seconds."""
        return npgettext("in the last …", "60 seconds", "%(count)s minutes", value) % {"count": value}
