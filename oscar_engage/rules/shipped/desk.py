"""What may a rule ask about those who help?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.named import SkillNumber
from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.shipped.choices import ANSWERED_IN, OWN_LANGUAGE
from oscar_engage.rules.shipped.groups import DESK
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import COSTLY, variable


@variable(
    "desk.free_agents",
    type=Integer(),
    label=_("free agents"),
    group=DESK,
    service=True,
    cost=COSTLY,
    parameters=(
        Parameter("skill", SkillNumber(), label=_("Skill"), phrase=_("for %(value)s")),
        Parameter("language", ANSWERED_IN, label=_("Language"), phrase=_("who answer in “%(value)s”")),
    ),
)
def desk_free_agents(moment: Moment, *, skill: int | None = None, language: str | None = None) -> Value:
    """Return how many more chats the agents can take, or those with the skill and the language; that is a query.

    The shopper's own language is the page's; where it is not known, any will do.
    """
    if language == OWN_LANGUAGE:
        language = moment.page.language or moment.state.arrival.language
    asked = {"skill": skill, "language": language}
    free = moment.free_agents(**{name: value for name, value in asked.items() if value})
    return UNKNOWN if free is None else free


@variable(
    "desk.expected_wait", type=Integer(), label=_("minutes until somebody can chat"), group=DESK, service=True, cost=COSTLY
)
def desk_expected_wait(moment: Moment) -> Value:
    """Return what a shopper who began a chat now would read: 0 for less than a minute, unknown where nobody is there."""
    minutes = moment.answers.expected_wait()
    return UNKNOWN if minutes is None else minutes
