"""What may a rule ask about a visit's struggles? Clicks in vain, fields that held up, eyes that searched, in this visit."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.groups import STRUGGLES
from oscar_engage.rules.types import Duration, Integer, SetOfTexts
from oscar_engage.rules.variables import variable


@variable("struggle.rage_clicks", type=Integer(), label=_("bursts of angry clicks"), group=STRUGGLES)
def rage_clicks(moment: Moment) -> Value:
    """Return how often one spot was clicked again and again."""
    return moment.state.struggles.rage_clicks


@variable("struggle.dead_clicks", type=Integer(), label=_("clicks that did nothing"), group=STRUGGLES)
def dead_clicks(moment: Moment) -> Value:
    """Return how often something was clicked and nothing happened."""
    return moment.state.struggles.dead_clicks


@variable("struggle.hesitations", type=Integer(), label=_("hesitations at a field"), group=STRUGGLES)
def hesitations(moment: Moment) -> Value:
    """Return how often a field was entered and nothing typed."""
    return moment.state.struggles.hesitations


@variable("struggle.hesitated_fields", type=SetOfTexts(), label=_("fields hesitated at"), group=STRUGGLES)
def hesitated_fields(moment: Moment) -> Value:
    """Return the names of the fields that were hesitated at."""
    return frozenset(moment.state.struggles.hesitated_fields)


@variable("struggle.field_seconds", type=Duration(), label=_("longest time in one field"), group=STRUGGLES)
def field_seconds(moment: Moment) -> Value:
    """Return the longest time spent in one field of a page that was left since, in seconds."""
    return moment.state.struggles.field_seconds


@variable("struggle.field_returns", type=Integer(), label=_("returns to a field"), group=STRUGGLES)
def field_returns(moment: Moment) -> Value:
    """Return how often a field was entered again, on pages that were left since."""
    return moment.state.struggles.field_returns


@variable("struggle.fields_left_empty", type=Integer(), label=_("required fields left empty"), group=STRUGGLES)
def fields_left_empty(moment: Moment) -> Value:
    """Return how many fields that must be filled in were entered and left empty, on pages that were left since."""
    return moment.state.struggles.fields_left_empty


@variable("struggle.fields_invalid", type=Integer(), label=_("fields refused by the browser"), group=STRUGGLES)
def fields_invalid(moment: Moment) -> Value:
    """Return how many fields the browser itself found invalid, on pages that were left since."""
    return moment.state.struggles.fields_invalid


@variable("struggle.pointer_thrashes", type=Integer(), label=_("times the mouse was shaken"), group=STRUGGLES)
def pointer_thrashes(moment: Moment) -> Value:
    """Return how often the mouse was shaken to and fro."""
    return moment.state.struggles.thrashes


@variable("struggle.deepest_scroll", type=Integer(), label=_("deepest scroll (percent)"), group=STRUGGLES)
def deepest_scroll(moment: Moment) -> Value:
    """Return the farthest down any page that was left since: 0, 25, 50, 75 or 100 percent of its length."""
    return moment.state.struggles.deepest_scroll


@variable("struggle.scroll_seekings", type=Integer(), label=_("searches by scrolling"), group=STRUGGLES)
def scroll_seekings(moment: Moment) -> Value:
    """Return how often a page was scrolled up and down in search of something."""
    return moment.state.struggles.seekings


@variable("struggle.copies", type=Integer(), label=_("texts copied"), group=STRUGGLES)
def copies(moment: Moment) -> Value:
    """Return how often text was copied from a page."""
    return moment.state.struggles.copies


@variable("struggle.prices_copied", type=Integer(), label=_("prices copied"), group=STRUGGLES)
def prices_copied(moment: Moment) -> Value:
    """Return how often what was copied looked like a price: it may be compared elsewhere."""
    return moment.state.struggles.prices_copied


@variable("struggle.options_toggled", type=Integer(), label=_("choices changed again and again"), group=STRUGGLES)
def options_toggled(moment: Moment) -> Value:
    """Return how many choices of a product, such as its size, were changed to and fro."""
    return moment.state.struggles.options_toggled


@variable("struggle.script_errors", type=Integer(), label=_("errors of the page's scripts"), group=STRUGGLES)
def script_errors(moment: Moment) -> Value:
    """Return how many errors the scripts of the pages had."""
    return moment.state.struggles.script_errors
