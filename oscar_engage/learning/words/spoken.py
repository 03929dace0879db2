"""What was foretold of this visit, in words? Read from the log of vectors, explained by the models that spoke then.

Of who agrees to less than personalisation nothing is read, whatever was foretold before. The vectors take one query; the models
that speak now are in memory, and one more query is asked only where another, or this process's first, has to be read.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.features.tasks import SPEAKABLE, read_for
from oscar_engage.learning.leads.lead import Bars, Estimate, Lead, lead_of
from oscar_engage.learning.leads.live import live_bars
from oscar_engage.learning.registry.live import kept_models, read_speaker
from oscar_engage.learning.registry.models import ModelVersion
from oscar_engage.learning.scoring.contributions import contributions
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.ways import OF_LOOKS
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.learning.words.meaning import ADVICE, MEANINGS, RESTS_ON, say_chances
from oscar_engage.learning.words.reasons import Reasons, Shares, find_reasons
from oscar_engage.learning.words.tell import Scene
from oscar_engage.visitors.consent import ConsentLevel

MOST_VECTORS = 60
"""Looks at a visit that are read, the latest first: more than one makes in hours."""

Documents = Mapping[int, Document]
"""Models by the ids of their versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was foretold at one instant: the kind of shopper, what that means, the chances behind it, and why."""

    lead: str
    label: str
    meaning: str
    advice: str
    chances: tuple[str, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    at: datetime


class Log:
    """The vectors of one visit, the latest first; what they say is worked out where it is asked."""

    def __init__(self, rows: Sequence[ScoredVector], documents: Documents, *, bars: Bars, currency: str) -> None:
        self._rows, self._documents, self._bars, self._currency = rows, documents, bars, currency

    @property
    def last(self) -> Spoken | None:
        """What was said last; ``None`` where nobody spoke then."""
        looks = (row for row in self._rows if row.occasion != Occasion.MOMENT or row.way in OF_LOOKS)
        last = next(looks, None) or next(iter(self._rows), None)
        return self._say(last) if last else None

    def of_decision(self, decision_id: uuid.UUID) -> Spoken | None:
        """What was said at the moment of a decision."""
        return next((self._say(row) for row in self._rows if row.decision_id == decision_id), None)

    def of_moment(self, rule_id: int, at: datetime) -> Spoken | None:
        """What was said when ``rule_id`` was decided at ``at``; where that was not written down, what was said last before."""
        rows = [row for row in self._rows if row.at <= at]
        exact = next((row for row in rows if row.at == at and row.rule_id == rule_id), None)
        return self._say(exact or rows[0]) if rows else None

    def _say(self, row: ScoredVector) -> Spoken | None:
        return say(row, self._documents, bars=self._bars, currency=self._currency)


def read_log(visit_id: uuid.UUID, *, consent: int, currency: str, now: datetime, most: int = MOST_VECTORS) -> Log:
    """Return the last ``most`` looks at a visit; ``currency`` is its basket's. At most two queries, as a rule one."""
    rows: Sequence[ScoredVector] = ()
    if consent >= ConsentLevel.PERSONALISATION:
        rows = list(ScoredVector.objects.filter(visit_id=visit_id).order_by("-at", "-pk")[:most])
    return Log(rows, read_documents(rows, now=now), bars=live_bars(now), currency=currency)


def read_documents(rows: Iterable[ScoredVector], *, now: datetime) -> Documents:
    """Return the models by which ``rows`` were scored: those in memory without a query, all others with one."""
    wanted = {int(version) for row in rows for version in row.versions.values()}
    if not wanted:
        return {}
    known = {one.version_id: one.document for one in kept_models(now).values()}
    missing = wanted - set(known)
    if missing:
        read = (read_speaker(version) for version in ModelVersion.objects.filter(pk__in=missing))
        known |= {one.version_id: one.document for one in read if one is not None}
    return known


def say(row: ScoredVector, documents: Documents, *, bars: Bars, currency: str) -> Spoken | None:
    """Return what was foretold with ``row``; ``None`` where no model said of what kind the shopper is."""
    uplift = _uplift_of(row)
    lead = lead_of(propensity=row.propensity, uplift=uplift, bars=bars)
    if lead is None:
        return None
    reasons = _reasons(row, lead, documents, currency)
    return Spoken(
        lead=lead.value,
        label=str(lead.label),
        meaning=str(MEANINGS[lead]),
        advice=str(ADVICE[lead]),
        chances=say_chances(propensity=row.propensity, uplift=uplift, exit_chance=row.exit),
        reasons=reasons.speaks_for,
        against=reasons.speaks_against,
        at=row.at,
    )


def find_shares(row: ScoredVector, task: str, documents: Documents) -> Shares:
    """Return what each feature counted for the score of ``task``; nothing where its model cannot be read any more."""
    document = documents.get(int(row.versions.get(task, 0)))
    if document is None or row.schema != SCHEMA or document.schema not in SPEAKABLE:
        return ()
    asked = read_for(document, row.values, row.way)
    return contributions(document, asked) if len(asked) == len(document.features) else ()


def _uplift_of(row: ScoredVector) -> Estimate | None:
    if row.uplift is None or row.uplift_low is None or row.uplift_high is None:
        return None
    return row.uplift, row.uplift_low, row.uplift_high


def _reasons(row: ScoredVector, lead: Lead, documents: Documents, currency: str) -> Reasons:
    tasks, upward = RESTS_ON[lead]
    task = next((task for task in tasks if getattr(row, task) is not None), "")
    shares = find_shares(row, task, documents)
    return find_reasons(shares, row.values, Scene(currency, row.at), upward=upward)
