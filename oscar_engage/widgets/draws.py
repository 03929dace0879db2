"""Which wording does this visitor read, once and for good? Drawn like an arm: by a keyed hash, stored when it is offered.

As long as nothing is stored the hash decides, which is the same each time while the shares stay. With the first offer the
wording is kept with the probability at which it was drawn, so that a share changed later counts for later visitors only. The
salt is the engagement's own: wordings fall independently of the arms of rules and of other engagements.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from oscar_engage.decisions.arms import join_drawn
from oscar_engage.widgets.models import Engagement, VariantDraw
from oscar_engage.widgets.wordings import draw_variant, wordings_of
from oscar_engage.widgets.words import WHOLE


class Draws:
    """The wordings of one visitor, with one query at most, and none where engagements have but one.

    ``unit_id`` is ``Visitor.unit_id``. ``may_keep``: whether the consent goes as far as statistics; without it nothing is read
    or stored, and the hash alone decides.
    """

    def __init__(self, unit_id: UUID, *, salt: str, may_keep: bool, now: datetime) -> None:
        self._unit_id, self._salt, self._may_keep, self._now = unit_id, salt, may_keep, now

    @cached_property
    def _kept(self) -> Mapping[int, VariantDraw]:
        if not self._may_keep:
            return {}
        return {kept.engagement_id: kept for kept in VariantDraw.objects.filter(visitor_id=self._unit_id)}

    def variant_of(self, engagement: Engagement) -> str:
        """Return the name of the wording; ``""`` where there is only one. One that was kept and is gone is drawn anew."""
        if not engagement.variants:
            return ""
        kept = self._kept.get(engagement.pk)
        if kept is not None and kept.variant in {wording.name for wording in wordings_of(engagement)}:
            return kept.variant
        return draw_variant(engagement, self._unit_id, salt=self._salt)

    def offer(self, engagement: Engagement) -> tuple[str, float | None]:
        """Return the wording that is offered now, and the probability of its draw, and keep both; ``("", None)``: only one.

        Safe when two beats draw at once: both get the row that was first.
        """
        variant = self.variant_of(engagement)
        if not variant:
            return "", None
        shares = {wording.name: wording.share / WHOLE for wording in wordings_of(engagement)}
        if not self._may_keep:
            return variant, shares[variant]
        kept, is_new = VariantDraw.objects.get_or_create(
            visitor_id=self._unit_id,
            engagement=engagement,
            defaults={"variant": variant, "probability": shares[variant], "drawn_at": self._now},
        )
        if not is_new and kept.variant not in shares:
            kept.variant, kept.probability, kept.drawn_at = variant, shares[variant], self._now
            kept.save(update_fields=["variant", "probability", "drawn_at"])
        return kept.variant, kept.probability


def join_draws(younger: UUID, older: UUID) -> None:
    """Let the wordings of one unit become those of another: the one drawn first holds for both.

    Runs in the caller's transaction.
    """
    join_drawn(VariantDraw, "engagement_id", younger, older)
