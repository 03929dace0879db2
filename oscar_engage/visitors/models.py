"""Who is here: a browser over time, its visits, and the baskets it was seen with."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.ids import new_key

UNCOUNTED = models.Q(is_staff=True) | models.Q(is_automaton=True)
"""Visitors who are no shoppers: in no report."""


class Visitor(models.Model):
    """A browser over time. ``customer`` is known after a login; no constraint: we never block the shop's deletes.

    The browser's cookie holds ``key``, never the id: a key is changed at login and logout (``visitors.identity``), and
    ``handover`` is by what the browser with the one before it is given the new one. ``unit_of`` is the oldest visitor whom the
    same customer was known by, if that is another: arms and caps are that one's. ``is_staff`` is set once a member of staff was
    seen with it and kept for good: what they do is never counted. So is ``is_automaton``, once a program was seen to run the
    browser: neither counted nor offered anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    handover = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    unit_of = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    consent = models.PositiveSmallIntegerField(default=0)
    is_staff = models.BooleanField(default=False)
    is_automaton = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"visitor {self.id.hex[:8]}"

    @property
    def is_uncounted(self) -> bool:
        """Whether this is no shopper, and in no report."""
        return self.is_staff or self.is_automaton

    @property
    def unit_id(self) -> uuid.UUID:
        """Under whose id arms are drawn and caps are counted: one person's, as far as that is known."""
        return self.unit_of or self.id


class Visit(models.Model):
    """One stay in the shop. ``state`` is the folded value of its signals (``visitors.state``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="visits")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    stage = models.CharField(max_length=24, default="browsing")
    state = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["visitor", "-last_at"], name="engage_visit_latest"),
            models.Index(fields=["last_at"], name="engage_visit_running"),  # who is here now, for a page that asks every 2 s
        ]

    def __str__(self) -> str:
        return f"visit {self.id.hex[:8]} ({self.stage})"


class BasketOutcome(models.TextChoices):
    """What became of a basket, as far as is known."""

    UNKNOWN = "", _("not known yet")
    ORDERED = "ordered", _("ordered")
    ABANDONED = "abandoned", _("abandoned")
    LOST = "lost", _("lost at the bank")
    RESTORED = "restored", _("put back by the shopper")
    GONE = "gone", _("emptied or merged")


class VisitorBasket(models.Model):
    """The join by which an order finds its visitor: stored when a basket is first seen with a visitor.

    ``settled_at`` is when the sweep over baskets last looked at it; one that was ``gone`` is looked at again when its visitor
    was here since.
    """

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="baskets")
    basket_id = models.PositiveBigIntegerField(unique=True)
    seen_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=BasketOutcome.choices, default=BasketOutcome.UNKNOWN, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"basket {self.basket_id} of visitor {self.visitor_id.hex[:8]}"
