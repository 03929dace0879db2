"""What do the models that speak say of a moment? For pages that show a visit as rules see it now."""

from oscar_engage.conf import get_settings
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.foretell import foretell
from oscar_engage.learning.leads.advise import foretold_of
from oscar_engage.learning.leads.live import live_bars
from oscar_engage.rules.foretold import NOTHING_FORETOLD, Foretold
from oscar_engage.rules.moment import Moment
from oscar_engage.visitors.consent import ConsentLevel


def ask_models(moment: Moment) -> Foretold:
    """Return what is foretold at ``moment``; nothing without the consent to personalisation or where ``LEARNING`` is off."""
    if moment.consent < ConsentLevel.PERSONALISATION or not get_settings().learning:
        return NOTHING_FORETOLD
    instant = Instant(moment.state, moment.page.kind, moment.now, moment.idle_seconds, moment.visible_seconds, is_known=True)
    return foretold_of(foretell(instant).scores, live_bars(moment.now))
