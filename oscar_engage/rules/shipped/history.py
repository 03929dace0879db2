"""What may a rule ask about earlier visits? How often something happened, how long ago, and what followed what.

All of it is read from the log of the visitor's own devices, so it is personal, and unknown further back than the log goes.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.kinds import SIGNAL_KINDS, carries
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.named import CategoryNumber, ProductNumber
from oscar_engage.rules.parameters import Parameter, Params
from oscar_engage.rules.past.log import Sought, Steps, count, count_visits, happened, seconds_since
from oscar_engage.rules.shipped.choices import PAGE_KINDS
from oscar_engage.rules.shipped.groups import HISTORY
from oscar_engage.rules.spans import Days, Minutes
from oscar_engage.rules.types import Boolean, Duration, Integer, Text
from oscar_engage.rules.variables import COSTLY, variable

_KIND = Parameter("kind", SIGNAL_KINDS, label=gettext_lazy("What happened"), is_required=True)
_FILTERS = (
    Parameter("product", ProductNumber(), label=gettext_lazy("Product"), phrase=gettext_lazy("of product %(value)s")),
    Parameter("category", CategoryNumber(), label=gettext_lazy("Category"), phrase=gettext_lazy("of category %(value)s")),
    Parameter("page", PAGE_KINDS, label=gettext_lazy("Kind of page"), phrase=gettext_lazy("of the kind “%(value)s”")),
    Parameter("words", Text(), label=gettext_lazy("Words of the search"), phrase=gettext_lazy("with %(value)s")),
)
_IN_LAST = pgettext_lazy("a span of time", "in the last %(value)s")
_ONE_OF_TWO = gettext_lazy("one of the two")
_DAYS = Parameter("days", Days(), label=gettext_lazy("In the last … days"), phrase=_IN_LAST, help=_ONE_OF_TWO)
_MINUTES = Parameter("minutes", Minutes(), label=gettext_lazy("In the last … minutes"), phrase=_IN_LAST, help=_ONE_OF_TWO)
_CARRIED = {"product": ("product_id",), "category": ("product_id", "category_id"), "page": ("page",), "words": ("query",)}


def _check_filters(values: Params) -> Iterator[tuple[str, str]]:
    """Give the filters that nothing of this kind can ever pass."""
    labels = {one.name: one.label for one in _FILTERS}
    for name, fields in _CARRIED.items():
        if name in values and not carries(str(values["kind"]), *fields):
            words = {"label": labels[name], "kind": SIGNAL_KINDS.describe(values["kind"])}
            yield name, _("Leave “%(label)s” empty: “%(kind)s” says nothing of it.") % words


def _check_window(values: Params) -> Iterator[tuple[str, str]]:
    yield from _check_filters(values)
    if ("days" in values) == ("minutes" in values):
        yield "days", _("Say how far to look back: days or minutes, one of the two.")


def _window(days: int | None, minutes: int | None) -> timedelta:
    return timedelta(days=days or 0, minutes=minutes or 0)


@variable(
    "history.count",
    type=Integer(),
    label=gettext_lazy("how often something happened"),
    group=HISTORY,
    personal=True,
    cost=COSTLY,
    parameters=(_KIND, *_FILTERS, _DAYS, _MINUTES),
    phrase=gettext_lazy("number of %(kind)s"),
    check=_check_window,
)
def history_count(moment: Moment, *, days: int | None = None, minutes: int | None = None, **sought: Any) -> Value:
    """Return how often it happened, on all devices, this moment included."""
    past = moment.past()
    return UNKNOWN if past is None else count(past, Sought(**sought), window=_window(days, minutes), now=moment.now)


@variable(
    "history.visits",
    type=Integer(),
    label=gettext_lazy("visits in which something happened"),
    group=HISTORY,
    personal=True,
    cost=COSTLY,
    parameters=(_KIND, *_FILTERS, _DAYS, _MINUTES),
    phrase=gettext_lazy("visits with “%(kind)s”"),
    check=_check_window,
)
def history_visits(moment: Moment, *, days: int | None = None, minutes: int | None = None, **sought: Any) -> Value:
    """Return in how many visits it happened, on all devices, this one included."""
    past = moment.past()
    return UNKNOWN if past is None else count_visits(past, Sought(**sought), window=_window(days, minutes), now=moment.now)


@variable(
    "history.seconds_since",
    type=Duration(),
    label=gettext_lazy("time since something happened"),
    group=HISTORY,
    clock=True,
    personal=True,
    cost=COSTLY,
    parameters=(_KIND, *_FILTERS),
    phrase=gettext_lazy("time since the last of “%(kind)s”"),
    check=_check_filters,
)
def history_seconds_since(moment: Moment, **sought: Any) -> Value:
    """Return the seconds since it happened last; what never did, as far as is kept, is longer ago than any limit."""
    past = moment.past()
    return UNKNOWN if past is None else seconds_since(past, Sought(**sought), now=moment.now)


_STEP = gettext_lazy("then “%(value)s”")


def _check_steps(values: Params) -> Iterator[tuple[str, str]]:
    if "fourth" in values and "third" not in values:
        yield "third", _("Fill in the third step before the fourth.")
    steps = [values[name] for name in ("first", "then", "third", "fourth") if name in values]
    if values.get("without") in steps:
        yield "without", _("Choose something that is not one of the steps.")


@variable(
    "history.sequence",
    type=Boolean(),
    label=gettext_lazy("one thing followed another"),
    group=HISTORY,
    personal=True,
    cost=COSTLY,
    parameters=(
        Parameter("first", SIGNAL_KINDS, label=gettext_lazy("First step"), is_required=True),
        Parameter("then", SIGNAL_KINDS, label=gettext_lazy("Second step"), is_required=True, phrase=_STEP),
        Parameter("third", SIGNAL_KINDS, label=gettext_lazy("Third step"), phrase=_STEP),
        Parameter("fourth", SIGNAL_KINDS, label=gettext_lazy("Fourth step"), phrase=_STEP),
        Parameter(
            "without",
            SIGNAL_KINDS,
            label=gettext_lazy("Without, in between"),
            phrase=gettext_lazy("without “%(value)s” in between"),
        ),
        Parameter(
            "minutes",
            Minutes(),
            label=gettext_lazy("From first to last within … minutes"),
            default=30,
            phrase=gettext_lazy("within %(value)s"),
        ),
        Parameter("days", Days(), label=gettext_lazy("In the last … days"), default=1, phrase=_IN_LAST),
    ),
    phrase=gettext_lazy("“%(first)s”"),
    check=_check_steps,
)
def history_sequence(moment: Moment, *, first: str, then: str, minutes: int, days: int, **more: str) -> Value:
    """Return whether the steps came in this order, the last not later than so many minutes after the first."""
    past = moment.past()
    if past is None:
        return UNKNOWN
    kinds = (first, then, *(more[name] for name in ("third", "fourth") if name in more))
    steps = Steps(kinds=kinds, within=timedelta(minutes=minutes), without=more.get("without", ""))
    return happened(past, steps, window=timedelta(days=days), now=moment.now)
