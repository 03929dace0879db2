"""Whom did the model keep from being invited in the last day, and how many were offered help?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.templatetags.engage_numbers import number
from oscar_engage.decisions.models import Decision, Reason

A_DAY = timedelta(days=1)

LEFT_ALONE = (Reason.ADVISED_AGAINST, Reason.OUTRANKED)
"""The model was against it, or others were the likelier to be helped."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """Shoppers of the last day, by what became of a moment of theirs; who was left alone may have been helped later.

    ``advised_against``, ``outranked``: the moments in which the model kept a rule from acting.
    """

    left_alone: int
    offered: int
    advised_against: int
    outranked: int

    @property
    def words(self) -> str:
        """Say it in a sentence; empty where the model kept nobody back."""
        if not self.left_alone:
            return ""
        said = ngettext(
            "In the last 24 hours the model left %(shown)s shopper alone.",
            "In the last 24 hours the model left %(shown)s shoppers alone.",
            self.left_alone,
        ) % {"shown": number(self.left_alone)}
        offered = ngettext("%(shown)s was offered help.", "%(shown)s were offered help.", self.offered)
        return _("%(left_alone)s %(offered)s") % {"left_alone": said, "offered": offered % {"shown": number(self.offered)}}


def read_heeded(*, now: datetime) -> Heeded:
    """Return what was decided in the day before ``now``; one query."""
    left_alone, offered = Q(reason__in=LEFT_ALONE), Q(reason=Reason.OFFERED)
    found = Decision.objects.filter(left_alone | offered, eligible_at__gt=now - A_DAY, eligible_at__lte=now).aggregate(
        left_alone=Count("visitor_id", filter=left_alone, distinct=True),
        offered=Count("visitor_id", filter=offered, distinct=True),
        advised_against=Count("pk", filter=Q(reason=Reason.ADVISED_AGAINST)),
        outranked=Count("pk", filter=Q(reason=Reason.OUTRANKED)),
    )
    return Heeded(**found)
