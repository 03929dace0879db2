"""What may a rule ask about how shoppers help themselves?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.groups import HELP
from oscar_engage.rules.types import Boolean, Integer
from oscar_engage.rules.variables import variable
from oscar_engage.visitors.self_help import SEARCHED, STARTED, left_open


@variable("help.searches", type=Integer(), label=_("searches in the help"), group=HELP)
def help_searches(moment: Moment) -> Value:
    """Return how often the help was searched."""
    return moment.state.help.searches


@variable("help.no_clicks", type=Integer(), label=_("searches in the help that led to no article"), group=HELP)
def help_no_clicks(moment: Moment) -> Value:
    """Return after how many of the last searches the shopper moved on without opening an article."""
    return len(left_open(moment.state.help, moment.state.pages_seen, SEARCHED))


@variable("help.articles", type=Integer(), label=_("help articles opened"), group=HELP)
def help_articles(moment: Moment) -> Value:
    """Return how many articles were opened."""
    return moment.state.help.articles


@variable("help.not_helpful", type=Integer(), label=_("help articles of no use"), group=HELP)
def help_not_helpful(moment: Moment) -> Value:
    """Return how often an article was said not to be helpful."""
    return moment.state.help.not_helpful


@variable("help.tools_abandoned", type=Integer(), label=_("self-help tools given up"), group=HELP)
def help_tools_abandoned(moment: Moment) -> Value:
    """Return how many of the last tools were started and not finished before the shopper moved on."""
    return len(left_open(moment.state.help, moment.state.pages_seen, STARTED))


@variable("help.contacts", type=Integer(), label=_("times a question's form was opened"), group=HELP)
def help_contacts(moment: Moment) -> Value:
    """Return how often the form for a question was opened."""
    return moment.state.help.contacts


@variable("help.is_bypassed", type=Boolean(), label=_("asks without having looked at help"), group=HELP)
def help_is_bypassed(moment: Moment) -> Value:
    """Return whether the form for a question was opened before any article."""
    return moment.state.help.is_bypassed
