"""At which stage did it stop? A decision's stages in their order, each passed, refused or not to be said, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.arms import Draw
from oscar_engage.decisions.gates import GATES, Facts, Wish
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.actions import ACTIONS, action_of
from oscar_engage.rules.engine.logic import Truth


class Stage(Enum):
    """What is asked, in this order; the value is what people read."""

    STATUS = _("Is the rule live?")
    SCHEDULE = _("Is it within its period?")
    SURFACE = _("Is this a page, and a moment, for offers?")
    CONSENT = _("Does the consent go far enough?")
    SCOPE = _("Is the shopper where the rule applies?")
    CONDITION = _("Do the conditions hold?")
    NEWS = _("Has it just become true?")
    CAP = _("Is there room for one more offer?")
    DISMISSED = _("Has the shopper said no lately?")
    AVAILABLE = _("Is there something to offer, and somebody to answer?")
    ADVICE = _("Does no model advise against it?")
    LINE = _("Has nobody waited longer for an agent?")
    LOST = _("Does no higher rule win?")
    HOLD_OUT = _("Is the shopper in the hold-out?")


@dataclass(frozen=True, slots=True)
class Answer:
    """One stage: ``passed`` is ``None`` when it cannot be said; ``words`` say what was found."""

    stage: Stage
    passed: Truth
    words: Any = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was recorded when the rule became true: when, and with which reason."""

    at: datetime
    reason: Reason
    is_waiting: bool
    instead: str = ""
    """The engagement that was offered in the place of the invitation that the rule asks for; empty: it was not so."""


def find_stop(answers: Sequence[Answer]) -> Answer | None:
    """Return the stage that stopped the rule: the first that was not passed."""
    return next((answer for answer in answers if answer.passed is not True), None)


_ANY = Wish(is_service=True, do="", engagement="")


def ask_gates(wish: Wish | None, facts: Facts, *, is_agent_known: bool, whose: Wish = _ANY) -> dict[Stage, Answer]:
    """Ask the gates stage by stage; without a ``wish`` (the rule does not hold) those that depend on it are not to be said.

    ``whose``: what is known of the rule even so, its purpose and its caps.
    """
    gates = dict(GATES)

    def refused(reasons: Iterable[Reason]) -> Reason | None:
        return next((reason for reason in reasons if gates[reason](wish or whose, facts)), None)

    found = {
        stage: _answer(stage, refused(reasons))
        for stage, reasons in (
            (Stage.SURFACE, (Reason.EXCLUDED_PAGE, Reason.TOO_EARLY, Reason.QUIET_HOURS, Reason.BUSY_SURFACE)),
            (Stage.CAP, (Reason.CAPPED_VISIT, Reason.CAPPED_WEEK, Reason.CAPPED_RULE, Reason.CAPPED_DAY)),
            (Stage.DISMISSED, (Reason.DISMISSED, Reason.DISMISSED_RULE)),
        )
    }
    return {**found, Stage.AVAILABLE: _available(wish, facts, gates[Reason.NO_ENGAGEMENT], is_agent_known=is_agent_known)}


def _available(wish: Wish | None, facts: Facts, lacks_engagement: Any, *, is_agent_known: bool) -> Answer:
    if wish is None:
        return Answer(Stage.AVAILABLE, None, _("that depends on the branch that holds"))
    if lacks_engagement(wish, facts):
        return _answer(Stage.AVAILABLE, Reason.NO_ENGAGEMENT)
    if not ACTIONS.get(wish.do).needs_agent:
        return Answer(Stage.AVAILABLE, True)
    if is_agent_known:
        return _with_agent(wish, facts)
    return Answer(Stage.AVAILABLE, None, _("how many agents were free then is not recorded"))


def _with_agent(wish: Wish, facts: Facts) -> Answer:
    if facts.places(wish.queue) > 0:
        return Answer(Stage.AVAILABLE, True)
    if action_of(facts.engagements.get(wish.fallback)):
        return Answer(Stage.AVAILABLE, True, _("nobody is free, so “%(fallback)s” is offered") % {"fallback": wish.fallback})
    return _answer(Stage.AVAILABLE, Reason.NO_AGENT)


def _answer(stage: Stage, reason: Reason | None) -> Answer:
    return Answer(stage, reason is None, "" if reason is None else reason.label)


def say_news(decided: Decided | None) -> Answer:
    """Return whether the moment is still open: one that was settled stays so until the rule is false and true again."""
    if decided is None or decided.is_waiting:
        return Answer(Stage.NEWS, True)
    return Answer(Stage.NEWS, False, _("it was decided when it became true"))


def say_recorded(decided: Decided | None) -> tuple[Answer, Answer]:
    """Return whether a model, or who had waited longer, kept it from acting, as was recorded: else it is not known."""
    reason = decided.reason if decided else None
    refusals = {Stage.ADVICE: (Reason.ADVISED_AGAINST, Reason.OUTRANKED), Stage.LINE: (Reason.IN_LINE,)}
    advice, line = (_answer(stage, reason if reason in reasons else None) for stage, reasons in refusals.items())
    return advice, line


def say_draw(draw: Draw) -> Answer:
    """Return whether the visitor's arm, which a hash gives without being stored, lets the rule act."""
    if draw.reason is Reason.OFFERED:
        return Answer(Stage.HOLD_OUT, True, _("no"))
    return Answer(Stage.HOLD_OUT, False, draw.reason.label)
