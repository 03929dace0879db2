"""What did vouchers take off orders? The port ``analytics.costs.ports.Discounts`` on Oscar's own rows."""

from collections.abc import Collection, Mapping

from django.db.models import Sum
from oscar.core.loading import get_model

from oscar_engage.analytics.costs.ports import DISCOUNTS


class OscarDiscounts:
    """Discounts as Oscar notes them with an order, also with one that was cancelled: each shop has its own word for that."""

    def read(self, voucher_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """Return what each of these vouchers took off, in hundredths by currency; one query."""
        rows = get_model("order", "OrderDiscount").objects.filter(voucher_id__in=voucher_ids).order_by()
        found: dict[int, dict[str, int]] = {}
        for voucher_id, currency, amount in rows.values_list("voucher_id", "order__currency").annotate(taken=Sum("amount")):
            found.setdefault(voucher_id, {})[currency] = round(amount * 100)
        return found


DISCOUNTS.register("shop", OscarDiscounts())
