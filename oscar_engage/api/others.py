"""What else can a program ask or tell? Rules, how far offers came, and that something happened elsewhere."""

from datetime import timedelta
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from oscar_engage.analytics.funnel import steps
from oscar_engage.analytics.funnel.read import Way, read_funnel
from oscar_engage.api.access import EngageView
from oscar_engage.api.shapes import NewSignal, OffersQuery, OffersShape, RuleShape
from oscar_engage.rules.models import Rule
from oscar_engage.signals import Subject, record
from oscar_engage.signals.ingest import RejectedSignalError, check_signal
from oscar_engage.signals.kinds import KINDS

MOST_DAYS = timedelta(days=366)
_OURS = "oscar_engage."
_TOLD_BY_TOOLS = ("selfhelp.started", "selfhelp.finished")
"""Kinds of ours that tools outside may tell of; the others are facts that the shop itself knows."""


class ByNumber(CursorPagination):
    """In the order in which they were made."""

    ordering = ("pk",)
    page_size = 50


class RulesView(EngageView, ListAPIView):
    """The rules of the shop."""

    module, needs = "rules", {"GET": ("rules:read", ("view_rule",))}
    serializer_class, pagination_class = RuleShape, ByNumber
    queryset = Rule.objects.select_related("published")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the rules, the oldest first."""
        return self.list(request, *args, **kwargs)


class OffersView(EngageView):
    """How far offers came."""

    module, needs = "rules", {"GET": ("reports:read", ("view_decision",))}
    takes, answers = {"GET": (OffersQuery,)}, {"GET": OffersShape}

    def get(self, request: Request) -> Response:
        """Return the funnel of some days, counted every ten minutes, told apart by what is asked."""
        form = OffersQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        if not timedelta(0) < asked["until"] - asked["since"] <= MOST_DAYS:
            raise ValidationError({"until": ["A day after since, by a year at most."]})
        found = read_funnel(since=asked["since"], until=asked["until"], by=asked["by"])
        parts = [_figures(" ".join(name), way) for name, way in sorted(found.parts.items())]
        said = {"counted_at": found.filled_at, "whole": _figures("", found.whole), "parts": parts}
        return Response(OffersShape(said).data)


class SignalsView(EngageView):
    """Something that happened elsewhere."""

    needs = {"POST": ("signals:write", ("change_rule",))}
    asks, answers = {"POST": NewSignal}, {"POST": {202: None}}

    def post(self, request: Request) -> Response:
        """Record it; whoever is not known to us stays unknown, and nothing is stored then."""
        form = NewSignal(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        if not may_tell(said["kind"]):
            raise ValidationError({"kind": ["Only kinds of your own, and selfhelp.started and selfhelp.finished."]})
        try:
            check_signal(said["kind"], said["data"], from_browser=False)
        except RejectedSignalError as error:
            raise ValidationError({"data": [f"Not as this kind says: {error.reason.value}."]}) from None
        about = Subject(visitor_id=said.get("visitor"), order_id=said.get("order"), customer_id=said.get("customer"))
        record(about, said["kind"], **said["data"])
        return Response(status=202)


def may_tell(kind: str) -> bool:
    """Whether a program may tell of this kind: a shop's own, never a fact of the shop such as an order."""
    if kind in _TOLD_BY_TOOLS:
        return kind in KINDS
    return kind in KINDS and not KINDS.get(kind).payload.__module__.startswith(_OURS)


def _figures(part: str, way: Way) -> dict[str, Any]:
    return {
        "part": part,
        "eligible": way.number(steps.ELIGIBLE),
        "offered": way.number(steps.OFFERED),
        "seen": way.number(steps.SEEN),
        "accepted": way.number(steps.ACCEPTED),
        "ordered": way.number(steps.ORDERED),
    }
