"""Why was this shown? Told to the shopper who asks: what the rule looked at, and what spoke for help, in plain words.

No numbers, no names of rules, nothing of a model without the consent to personalisation. What the rule looked at is always
told, since it is what decided.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.decisions.models import Decision
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.learning.words.shopper import find_because
from oscar_engage.learning.words.spoken import find_shares, read_documents
from oscar_engage.rules.engine.tree import leaves
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor

LOOKED_AT: Mapping[str, Any] = {
    "page": gettext_lazy("the page you were on"),
    "visit": gettext_lazy("what you did during this visit"),
    "struggle": gettext_lazy("how you got on with the page"),
    "basket": gettext_lazy("what was in your basket"),
    "checkout": gettext_lazy("how far your checkout had come"),
    "login": gettext_lazy("how your login went"),
    "help": gettext_lazy("what you looked for in our help"),
    "history": gettext_lazy("what you did here before"),
    "visitor": gettext_lazy("whether you have been here before"),
    "customer": gettext_lazy("your earlier orders"),
    "segment": gettext_lazy("what you did during this visit"),
    "time": gettext_lazy("the time of day"),
    "desk": gettext_lazy("whether somebody was there to help"),
}
"""What a rule looked at, by how its variables' names begin. Of a shop's own variables nothing is said: only it knows them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told: what the rule looked at, and what spoke for help (empty: nothing is to be told)."""

    rule: str
    model: str


def find_own(decision_id: uuid.UUID, visitor: Visitor | None) -> Decision | None:
    """Return the offer that was made to this very visitor; ``None`` for an unknown one, another's, and what was never shown.

    An offer belongs to the device that it was made on (``decisions.outcomes``), also where its shopper has several.
    """
    if visitor is None:
        return None
    shown = Decision.objects.filter(pk=decision_id, visitor_id=visitor.pk, offered_at__isnull=False)
    return shown.select_related("version").first()


def answer_shopper(decision: Decision, visitor: Visitor, *, now: datetime) -> Answer:
    """Return what is told of ``decision`` to its own visitor; at most two queries."""
    return Answer(rule=_say_rule(decision), model=_say_model(decision, visitor, now))


def _say_rule(decision: Decision) -> str:
    looked_at = list(dict.fromkeys(str(LOOKED_AT[name]) for name in _beginnings(decision) if name in LOOKED_AT))
    if not looked_at:
        return _("We showed you this because of what you did during this visit.")
    return _("We showed you this because of %(what)s.") % {"what": _list(looked_at)}


def _beginnings(decision: Decision) -> Iterable[str]:
    """Give how the names of the variables begin that the branch which held looks at."""
    try:
        branches = parse_document(decision.version.document).branches
    except InvalidRuleError:  # a version from before a shop's own variable went away
        return ()
    if not 0 <= decision.branch < len(branches):
        return ()
    return (condition.field.partition(".")[0] for condition in leaves(branches[decision.branch].when))


def _say_model(decision: Decision, visitor: Visitor, now: datetime) -> str:
    """Return what counted most for help, where a model was asked whether it would be of use."""
    if visitor.consent < ConsentLevel.PERSONALISATION:
        return ""
    row = ScoredVector.objects.filter(decision_id=decision.pk, uplift__isnull=False).first()
    if row is None:
        return ""
    because = find_because(find_shares(row, "uplift", read_documents([row], now=now)), row.values)
    return _("It seemed to be of use to you because %(because)s.") % {"because": because} if because else ""


def _list(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(several)s and %(last)s") % {"several": ", ".join(words[:-1]), "last": words[-1]}
