"""Which models may a person let speak, and to which can one go back? One query for all tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from oscar_engage.dashboard.learning.said import say_day
from oscar_engage.learning.features.tasks import SPEAKABLE
from oscar_engage.learning.nightly.state import Ladder, Step
from oscar_engage.learning.nightly.words import name_rung
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion
from oscar_engage.learning.registry.why import Why

MOST = 60
"""Versions that are looked through, the latest."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A version that may be let speak, in words."""

    pk: int
    words: str


@dataclass(frozen=True, slots=True)
class Offers:
    """``speakable``: what may be let speak; ``before``: what would speak after going back, ``""`` for rules alone."""

    speakable: tuple[Offer, ...]
    before: str


def read_offers(told: Ladder) -> dict[str, Offers]:
    """Return the offers of each task."""
    last = ModelChange.objects.filter(version=OuterRef("pk")).order_by("-pk").values("why")[:1]
    states = (ModelState.CANDIDATE, ModelState.SHADOW, ModelState.RETIRED)
    found = ModelVersion.objects.filter(schema__in=SPEAKABLE, state__in=states).defer("document").annotate(last=Subquery(last))
    versions = list(found.order_by("-pk")[:MOST])
    return {step.task: _offers(step, [one for one in versions if one.task == step.task]) for step in told.steps}


def _offers(step: Step, versions: Sequence[ModelVersion]) -> Offers:
    spoke = sorted((one for one in versions if one.live_at and one.retired_at), key=_retired_at, reverse=True)
    before = next((one for one in spoke if getattr(one, "last", "") == Why.REPLACED), None)
    return Offers(tuple(_speakable(step, versions, spoke)), _name(before) if before and step.speaks else "")


def _speakable(step: Step, versions: Sequence[ModelVersion], spoke: Sequence[ModelVersion]) -> Iterator[Offer]:
    """Give the newest of each state; one that spoke only where nobody does, for else there is "go back"."""
    since = step.speaks.version_id if step.speaks else 0
    for state in (ModelState.SHADOW, ModelState.CANDIDATE):
        newest = next((one for one in versions if one.state == state and one.pk > since), None)
        if newest is not None:
            yield Offer(newest.pk, f"{_name(newest)} ({newest.get_state_display()})")
    if spoke and not step.speaks:
        yield Offer(spoke[0].pk, _("%(model)s (spoke before)") % {"model": _name(spoke[0])})


def _name(version: ModelVersion) -> str:
    return _("%(rung)s of %(day)s") % {"rung": name_rung(version.rung), "day": say_day(version.created_at)}


def _retired_at(version: ModelVersion) -> datetime:
    return version.retired_at or version.created_at
