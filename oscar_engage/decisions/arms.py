"""Treated or held out? The shop-wide hold-out, and each rule's own control group, drawn once and kept.

Both fall by a keyed hash of the visitor's id, never by chance. The shop's hold-out is not stored: it is the same as long
as salt and share stay the same, and raising the share only adds to it. A rule's arm is stored at the first draw together
with P(arm), so that a share changed later counts for later visitors only, and each draw can be weighed by what it was.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.core.hashing import bucket
from oscar_engage.decisions.models import Arm, Assignment, Reason


@dataclass(frozen=True, slots=True)
class Draw:
    """An arm, the probability with which this arm is drawn, and the reason to record.

    ``probability`` is ``None`` when there was no experiment: below the consent to statistics nobody is held out. It is that of
    the last draw alone: of the shop's hold-out, or of the rule's among those whom the shop does not hold out. ``chance`` is
    that of being treated, over both draws, and so the same for all who come by: (1 - shop's share) x (1 - rule's share).
    """

    arm: Arm
    probability: float | None
    reason: Reason
    chance: float | None = None


NO_EXPERIMENT = Draw(Arm.TREATED, None, Reason.OFFERED)


def is_in_shop_holdout(unit_id: uuid.UUID, *, salt: str, share: float) -> bool:
    """Whether the visitor is one of the ``share`` who are never engaged proactively; ``unit_id`` as in :func:`draw_arm`."""
    return bucket(salt=f"{salt}:shop", key=str(unit_id)) < share


def is_explorer(unit_id: uuid.UUID, *, rule_id: int, salt: str, share: float) -> bool:
    """Whether the visitor is one of the ``share`` on whom the rule goes on whatever a model advises.

    It is the same as long as salt and share stay the same, and raising the share only adds to it.
    """
    return bucket(salt=f"{salt}:explore:{rule_id}", key=str(unit_id)) < share


def find_arm(
    unit_id: uuid.UUID,
    *,
    rule_id: int,
    salt: str,
    shop_share: float,
    rule_share: float,
    kept: tuple[str, float] | None = None,
) -> Draw:
    """Return the arm that the visitor has in the rule or would get now; nothing is stored, for all of it is a hash.

    ``kept`` is what was stored at the first draw, arm and probability. Those in the shop's hold-out are control without a
    draw of the rule's own.
    """
    if is_in_shop_holdout(unit_id, salt=salt, share=shop_share):
        return Draw(Arm.CONTROL, shop_share, Reason.SHOP_HOLDOUT, (1 - shop_share) * (1 - rule_share))
    if kept is not None:
        return _drawn(Arm(kept[0]), kept[1], shop_share)
    is_control = bucket(salt=f"{salt}:rule:{rule_id}", key=str(unit_id)) < rule_share
    return _drawn(Arm.CONTROL, rule_share, shop_share) if is_control else _drawn(Arm.TREATED, 1 - rule_share, shop_share)


def _drawn(arm: Arm, probability: float, shop_share: float) -> Draw:
    is_control = arm == Arm.CONTROL
    chance = (1 - shop_share) * (1 - probability if is_control else probability)
    return Draw(arm, probability, Reason.RULE_HOLDOUT if is_control else Reason.OFFERED, chance)


def draw_arm(unit_id: uuid.UUID, *, rule_id: int, salt: str, shop_share: float, rule_share: float, now: datetime) -> Draw:
    """Return the arm for the rule, drawing and storing it if this is the first time.

    ``unit_id`` is ``Visitor.unit_id``: a customer with two devices is in one arm. Safe when two beats draw at once: both get
    the row that was first.
    """
    drawn = find_arm(unit_id, rule_id=rule_id, salt=salt, shop_share=shop_share, rule_share=rule_share)
    if drawn.reason == Reason.SHOP_HOLDOUT:
        return drawn
    kept, _created = Assignment.objects.get_or_create(
        visitor_id=unit_id,
        rule_id=rule_id,
        defaults={"arm": drawn.arm, "probability": drawn.probability, "shop_share": shop_share, "drawn_at": now},  # type: ignore[misc]  # an experiment
    )
    return _drawn(Arm(kept.arm), kept.probability, shop_share)


def join_arms(younger: uuid.UUID, older: uuid.UUID) -> None:
    """Let the arms of one unit become those of another: in each rule, the one that was drawn first holds for both.

    Runs inside the caller's transaction.
    """
    join_drawn(Assignment, "rule_id", younger, older)


def join_drawn(model: Any, key: str, younger: uuid.UUID, older: uuid.UUID) -> None:
    """Do the same with any model of kept draws: rows with ``visitor_id`` and ``drawn_at``, one for each ``key``."""
    held = {getattr(draw, key): draw for draw in model.objects.filter(visitor_id=older)}
    for moving in model.objects.filter(visitor_id=younger):
        kept = held.get(getattr(moving, key))
        if kept is not None and kept.drawn_at <= moving.drawn_at:
            moving.delete()
            continue
        if kept is not None:
            kept.delete()
        moving.visitor_id = older
        moving.save(update_fields=["visitor_id"])
