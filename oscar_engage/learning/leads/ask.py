"""What do the models that speak say of a moment? For pages that show a visit as rules see it now."""

from oscar_engage.conf import get_settings
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.foretell import Foreteller
from oscar_engage.rules.foretold import Foretold
from oscar_engage.rules.moment import Moment
from oscar_engage.visitors.consent import ConsentLevel


def ask_models(moment: Moment) -> Foretold:
    """Return what is foretold at ``moment``; nothing without the consent to personalisation or where ``LEARNING`` is off."""
    may_ask = moment.consent >= ConsentLevel.PERSONALISATION and get_settings().has("learning")
    instant = Instant(moment.state, moment.page.kind, moment.now, moment.idle_seconds, moment.visible_seconds, is_known=True)
    return Foreteller(instant, may_ask=may_ask).foretold()
