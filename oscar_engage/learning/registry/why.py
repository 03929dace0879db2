"""Why did a model take a step? The reasons there are, and their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """The closed list of reasons, as ``ModelChange.why`` and ``TrainingRun.why`` keep them."""

    KEPT = "kept", _("was fitted")
    BETTER = "better", _("foretells better than the one before")
    NOT_BETTER = "not_better", _("does not foretell better than the one that speaks")
    WINS_NO_MORE = "wins_no_more", _("no longer better than the rung below")
    DRIFT = "drift", _("visits have changed")
    BROKEN_TRACKING = "broken_tracking", _("signals are missing")
    BY_HAND = "by_hand", _("by hand")
    DAMAGED = "damaged", _("cannot be read, or was not written by this shop")
    EVIDENCE_GONE = "evidence_gone", _("too little is left that it rests on")
    CALIBRATION = "calibration", _("its chances do not come true often enough")
    TOO_FEW = "too_few", _("not enough orders yet")
    SHADOW_DIFFERS = "shadow_differs", _("did worse in its day in the shadow")
    SHADOW_PASSED = "shadow_passed", _("did as well in its day in the shadow")
    REFUSALS_COST = "refusals_cost", _("help makes those buy whom it held for harmed")
    REPLACED = "replaced", _("another one speaks")


def name_why(code: str) -> str:
    """Return a reason in words; one that is not known here, as it is."""
    return str(dict(Why.choices).get(code, code))
