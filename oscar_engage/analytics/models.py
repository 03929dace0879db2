"""What it earned: orders with the visitor who placed them, read from the shop's own rows."""

from django.db import models


class Conversion(models.Model):
    """One order of a visitor we know. Ids of shop rows are plain columns: we can never block the shop's deletes.

    Without an ``order_id`` its visitor was erased: it only counts in reports.
    """

    order_id = models.PositiveBigIntegerField(null=True, unique=True)
    order_number = models.CharField(max_length=128, blank=True)
    basket_id = models.PositiveBigIntegerField(null=True, blank=True)
    visitor_id = models.UUIDField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=12)
    placed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["visitor_id", "placed_at"], name="engage_conversion_visitor")]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.total} {self.currency}"


class AnchorCount(models.Model):
    """On how many pages of one day a marked place was seen and clicked; see ``anchor_counts``."""

    day = models.DateField()
    slot = models.CharField(max_length=64)
    thing = models.CharField(max_length=64, blank=True)
    seen = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "slot", "thing"], name="engage_anchor_count_once")]

    def __str__(self) -> str:
        return f"{self.slot} {self.thing} on {self.day}: seen {self.seen}, clicked {self.clicked}"


class ExitCount(models.Model):
    """Page views of visits that ended on ``day`` (UTC), by what shoppers had behind them, and how many left on one.

    ``views``: which page view at the stage it was (12 stands for more); ``idle``: seconds without activity that it reached.
    Counts only: a visit is in many of these rows, and in none by itself.
    """

    day = models.DateField()
    stage = models.CharField(max_length=24)
    views = models.PositiveSmallIntegerField()
    idle = models.PositiveSmallIntegerField()
    left = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "stage", "views", "idle"], name="engage_exit_count_once")]

    def __str__(self) -> str:
        return f"{self.stage}, page {self.views}, idle {self.idle} s on {self.day}: {self.left} left, {self.stayed} stayed"
