"""What may a rule ask about who this is?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import days_between, unless_empty
from oscar_engage.rules.shipped.choices import CONSENTS, SEGMENTS
from oscar_engage.rules.shipped.groups import VISITOR
from oscar_engage.rules.types import Boolean, Integer, Text
from oscar_engage.rules.variables import COSTLY, variable
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.state import from_ms

_UNSCORED = "unscored"
_SEGMENT_OF = {"hot": "hot_lead", "cold": "cold_lead", "self_server": "self_server", "do_not_disturb": "do_not_disturb"}


@variable("visitor.visits", type=Integer(), label=_("visits"), group=VISITOR, personal=True)
def visitor_visits(moment: Moment) -> Value:
    """Return how many visits this browser made, this one included."""
    return UNKNOWN if moment.visits is None else moment.visits


@variable("visitor.days_since_last_visit", type=Integer(), label=_("days since the last visit"), group=VISITOR, personal=True)
def visitor_days_since_last_visit(moment: Moment) -> Value:
    """Return the whole days between the visit before and the beginning of this one; not known in a first visit."""
    state = moment.state
    return days_between(from_ms(state.previous_at), state.started_at) if state.previous_at else UNKNOWN


@variable("visitor.is_logged_in", type=Boolean(), label=_("is logged in"), group=VISITOR)
def visitor_is_logged_in(moment: Moment) -> Value:
    """Return whether a customer is logged in, as far as this visit's pages told."""
    return moment.state.is_logged_in


@variable("visitor.consent", type=CONSENTS, label=_("consent"), group=VISITOR)
def visitor_consent(moment: Moment) -> Value:
    """Return what the visitor agreed to."""
    return ConsentLevel(moment.consent).name.lower()


@variable("visitor.language", type=Text(), label=_("language"), group=VISITOR, service=True)
def visitor_language(moment: Moment) -> Value:
    """Return the language in which the page is shown, or was in which the visit began: ``en``, ``de`` or ``pt-br``."""
    return unless_empty(moment.page.language or moment.state.arrival.language)


@variable("visitor.country", type=Text(), label=_("country"), group=VISITOR, cost=COSTLY, personal=True)
def visitor_country(moment: Moment) -> Value:
    """Return the country's two letters: of the address in the checkout, by ``COUNTRY``, or of the customer's own address."""
    return unless_empty(moment.answers.country())


@variable("visitor.questions", type=Integer(), label=_("questions asked before"), group=VISITOR, cost=COSTLY, personal=True)
def visitor_questions(moment: Moment) -> Value:
    """Return how many notes and chats this person began, on any device."""
    questions = moment.answers.questions()
    return UNKNOWN if questions is None else questions.asked


@variable(
    "visitor.open_questions", type=Integer(), label=_("questions not closed yet"), group=VISITOR, cost=COSTLY, personal=True
)
def visitor_open_questions(moment: Moment) -> Value:
    """Return how many of them still wait or go on."""
    questions = moment.answers.questions()
    return UNKNOWN if questions is None else questions.open


@variable("visitor.last_rating", type=Integer(), label=_("last rating"), group=VISITOR, cost=COSTLY, personal=True)
def visitor_last_rating(moment: Moment) -> Value:
    """Return how helpful this person found the last conversation that they rated: 1 (not at all) to 5 (very well)."""
    score = moment.answers.last_rating()
    return UNKNOWN if score is None else score


@variable("visitor.is_customer", type=Boolean(), label=_("is a customer"), group=VISITOR, personal=True)
def visitor_is_customer(moment: Moment) -> Value:
    """Return whether the visitor has an account here."""
    return moment.is_customer


@variable("visitor.segment", type=SEGMENTS, label=_("segment"), group=VISITOR)
def visitor_segment(moment: Moment) -> Value:
    """Return the kind of shopper by its older name, as ``visit.lead`` says it; ``unscored`` where no model may or can say."""
    is_asked = moment.consent >= ConsentLevel.PERSONALISATION
    return _SEGMENT_OF.get(moment.foretold().lead, _UNSCORED) if is_asked else _UNSCORED
