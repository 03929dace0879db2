"""What reports count: orders with the visitor who placed them, read from the shop's own rows, and sums of days."""

from django.db import models


class Conversion(models.Model):
    """One order of a visitor we know. Ids of shop rows are plain columns: we can never block the shop's deletes.

    Without an ``order_id`` its visitor was erased: it only counts in reports. ``returned_at``: when we saw that it came back or
    was cancelled as a whole (``RETURNED_STATUSES``). ``has_return``, ``has_cancellation``: it did, or one of its lines.
    ``is_test``: a member of staff placed it; counted nowhere but as left out.
    """

    order_id = models.PositiveBigIntegerField(null=True, unique=True)
    order_number = models.CharField(max_length=128, blank=True)
    basket_id = models.PositiveBigIntegerField(null=True, blank=True)
    visitor_id = models.UUIDField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=12)
    placed_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    has_return = models.BooleanField(default=False, db_default=False)
    has_cancellation = models.BooleanField(default=False, db_default=False)
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["visitor_id", "placed_at"], name="engage_conversion_visitor"),
            models.Index(fields=["placed_at"], name="engage_conversion_day"),  # reports count a day at a time
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.total} {self.currency}"


class AnchorCount(models.Model):
    """On how many pages of one day a marked place was seen and clicked; see ``anchor_counts``.

    ``lost`` and ``ordered``: baskets that were left behind, or became orders, on that day by somebody who had clicked the place
    or asked about it within the day before. The row without a slot counts the ends of all baskets of its day.
    """

    day = models.DateField()
    slot = models.CharField(max_length=64)
    thing = models.CharField(max_length=64, blank=True)
    seen = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    ordered = models.PositiveIntegerField(default=0)

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


class RollupDay(models.Model):
    """What one rollup counted on one ``day`` (the shop's clock): its cells as one document; see ``rollups``.

    While ``frozen_at`` is empty the day is open and may be counted again; after that it never changes: ``digest`` proves it.
    """

    rollup = models.CharField(max_length=40)
    day = models.DateField()
    version = models.PositiveSmallIntegerField()
    cells = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    filled_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollup", "day"], name="engage_rollup_day_once")]

    def __str__(self) -> str:
        return f"{self.rollup} on {self.day}"
