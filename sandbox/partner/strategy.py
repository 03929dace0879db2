"""How the shop prices: the stock record holds the price on the shelf, VAT included."""

from typing import Any

from django.http import HttpRequest
from oscar.apps.partner import prices, strategy

from sandbox.partner.vat import without_vat


class VatIncluded:
    """Pricing policy: ``StockRecord.price`` includes VAT, so what people see is a round price."""

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        """The price of one product."""
        if not stockrecord or stockrecord.price is None:
            return prices.Unavailable()
        net = without_vat(stockrecord.price)
        return prices.TaxInclusiveFixedPrice(currency=stockrecord.price_currency, excl_tax=net, tax=stockrecord.price - net)

    def parent_pricing_policy(self, product: Any, children_stock: list[tuple[Any, Any]]) -> Any:
        """The lowest price among a product's sizes and colours."""
        records = [record for _, record in children_stock if record is not None and record.price is not None]
        cheapest = min(records, key=lambda record: record.price, default=None)
        return self.pricing_policy(product, cheapest)


class ShopStrategy(strategy.UseFirstStockRecord, strategy.StockRequired, VatIncluded, strategy.Structured):
    """First stock record, stock required, VAT included."""


class Selector(strategy.Selector):
    """The same prices for everyone."""

    def strategy(self, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> ShopStrategy:
        """The shop's one strategy."""
        return ShopStrategy(request)
