"""What does the shop know of a product, a category, a customer? Oscar's own tables, asked when a rule wants to know."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.conf import settings as django_settings
from django.db import router, transaction
from django.db.models import Count, Max, Q, Sum
from oscar.core.loading import get_class, get_model

from oscar_engage.conf import get_settings
from oscar_engage.rules.answers import CategoryFacts, CustomerFacts, ProductFacts
from oscar_engage.rules.engine.values import Money
from oscar_engage.shop.catalogue import ShopCatalogue

_BETWEEN = " > "
_NOTHING_SPENT = Decimal("0.00")


class OscarShop:
    """The default of ``SHOP``. A query that fails is undone by itself: the beat goes on."""

    def __init__(self) -> None:
        self._catalogue = ShopCatalogue()

    def categories_of(self, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return the categories of each product, with those above them, as they were at most five minutes ago."""
        return self._catalogue.categories_of(product_ids)

    def product(self, product_id: int) -> ProductFacts | None:
        """Return price, stock and so on by the shop's strategy without a request: two queries, with variants some more."""
        model = get_model("catalogue", "Product")
        with _undone(model):
            related = model.objects.select_related("product_class", "parent__product_class").prefetch_related("stockrecords")
            product = related.filter(pk=product_id).first()
            return None if product is None else _read_product(product)

    def categories(self, *, category_ids: Collection[int] = (), product_ids: Collection[int] = ()) -> tuple[CategoryFacts, ...]:
        """Return the categories and all above them with two queries; a variant has its parent's."""
        if not category_ids and not product_ids:
            return ()
        model = get_model("catalogue", "Category")
        with _undone(model):
            own = Q(pk__in=category_ids)
            if product_ids:
                own |= Q(product__in=product_ids) | Q(product__children__in=product_ids)
            paths = set(model.objects.filter(own).values_list("path", flat=True))
            above = {path[:end] for path in paths for end in range(model.steplen, len(path) + 1, model.steplen)}
            rows = model.objects.filter(path__in=above).order_by("path").values_list("pk", "path", "name") if above else ()
            return tuple(_read_categories(rows, model.steplen))

    def customer(self, customer_id: int) -> CustomerFacts:
        """Return what the customer ordered, with one query."""
        model, chosen = get_model("order", "Order"), get_settings()
        returned, waiting = Q(status__in=chosen.returned_statuses), Q(status__in=chosen.open_statuses)
        with _undone(model):
            rows = list(
                model.objects.filter(user_id=customer_id)
                .order_by()
                .values("currency")
                .annotate(
                    count=Count("pk", filter=~returned),
                    spent=Sum("total_incl_tax", filter=~returned),
                    last_at=Max("date_placed", filter=~returned),
                    returns=Count("pk", filter=returned),
                    waiting=Count("pk", filter=waiting),
                )
            )
        main = max(rows, key=lambda row: (row["count"], row["currency"]), default=None)
        currency = main["currency"] if main else django_settings.OSCAR_DEFAULT_CURRENCY
        return CustomerFacts(
            orders=sum(row["count"] for row in rows),
            spent=Money((main["spent"] if main else None) or _NOTHING_SPENT, currency),
            orders_in_currency=main["count"] if main else 0,
            last_order_at=max((row["last_at"] for row in rows if row["last_at"]), default=None),
            returns=sum(row["returns"] for row in rows),
            open_orders=sum(row["waiting"] for row in rows),
        )

    def country(self, customer_id: int) -> str:
        """Return the country of the address that the customer has goods sent to, with one query; a default one goes first."""
        model = get_model("address", "UserAddress")
        with _undone(model):
            addresses = model.objects.filter(user_id=customer_id).order_by(
                "-is_default_for_shipping", "-num_orders_as_shipping_address"
            )
            return addresses.values_list("country_id", flat=True).first() or ""


@contextmanager
def _undone(model: Any) -> Iterator[None]:
    """Undo by itself what the database refuses in the block: on PostgreSQL the beat's transaction would be lost with it."""
    with transaction.atomic(using=router.db_for_read(model)):
        yield


def _read_product(product: Any) -> ProductFacts:
    strategy = get_class("partner.strategy", "Selector")().strategy()
    info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
    price = info.price
    amount = (price.incl_tax if price.is_tax_known else price.excl_tax) if price.exists else None
    return ProductFacts(
        price=None if amount is None else Money(amount, price.currency),
        stock=_count_stock(product),
        is_available=bool(info.availability.is_available_to_buy),
        product_class=product.get_product_class().name,
    )


def _count_stock(product: Any) -> int | None:
    """Return the pieces left, of all variants together; ``None`` where no stock is kept."""
    if not product.get_product_class().track_stock:
        return None
    sold = product.children.filter(is_public=True).prefetch_related("stockrecords") if product.is_parent else [product]
    levels = [record.net_stock_level for one in sold for record in one.stockrecords.all()]
    return max(0, sum(levels)) if levels else None


def _read_categories(rows: Iterable[tuple[int, str, str]], step: int) -> Iterator[CategoryFacts]:
    """Give each category after the one above it, as the rows come."""
    paths: dict[str, str] = {}
    for pk, path, name in rows:
        above = paths.get(path[:-step], "")
        paths[path] = f"{above}{_BETWEEN}{name}" if above else name
        yield CategoryFacts(category_id=pk, name=name, path=paths[path])
