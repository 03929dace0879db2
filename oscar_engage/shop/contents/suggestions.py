"""What else could this shopper want? Products that Oscar recommends for those in view, else others of the same category."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_class, get_model
from oscar.core.thumbnails import get_thumbnailer

from oscar_engage.shop.card_product import money
from oscar_engage.shop.contents.placeholders import example_money
from oscar_engage.shop.facts import product_path
from oscar_engage.signals.faults import note_fault
from oscar_engage.widgets.contents.base import Content, Settings
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.scene import Scene

MOST = 3
"""Products that are suggested."""

_LOOKED_AT = 12  # candidates of each kind that are asked whether they can be bought
_PICTURE = "x155"
"""As Oscar's lists of products show them: so it is there already, for making one takes longer than a beat may."""


class Suggestions(Content):
    """Up to three products with picture, price and link; never what is in the basket, in view, or out of stock."""

    name = "suggestions"
    label = gettext_lazy("Products that go with it")
    template = "oscar_engage/widgets/contents/suggestions.html"
    asks = True

    def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
        """Return them, with a fixed number of queries; ``None``: there are none."""
        held = set(scene.state.basket.products)
        seeds = {scene.page.product_id} if scene.page.product_id is not None else held
        found = _choose(seeds, held) if seeds else []
        return {"products": found} if found else None

    def example(self, settings: Settings) -> Mapping[str, Any]:
        """Return products that nobody sells."""
        titles = (_("Wool socks"), _("Wax for leather"))
        return {"products": [{"title": title, "price": example_money("9.50"), "path": "#"} for title in titles]}


def _choose(seeds: Collection[int], held: Collection[int]) -> list[dict[str, str]]:
    near = _with_parents(seeds)
    own = near | _with_parents(held)  # whoever holds a boot in 42 is not offered that boot
    strategy = get_class("partner.strategy", "Selector")().strategy()
    chosen: dict[int, dict[str, str]] = {}
    for rows in (_recommended(near), _of_same_category(near)):
        for product in rows.exclude(Q(pk__in=own) | Q(pk__in=chosen))[:_LOOKED_AT]:
            shown = _show(product, strategy)
            if shown is not None and len(chosen) < MOST:
                chosen[product.pk] = shown
        if len(chosen) == MOST:
            break
    for pk, image in _pictures(chosen):
        chosen[pk]["picture"] = image
    return list(chosen.values())


def _with_parents(ids: Iterable[int]) -> set[int]:
    """Return these products and those that they are variants of."""
    wanted = set(ids)
    if not wanted:
        return wanted
    rows = get_model("catalogue", "Product").objects.filter(pk__in=wanted, parent__isnull=False)
    return wanted | set(rows.values_list("parent_id", flat=True))


def _visible() -> Any:
    model = get_model("catalogue", "Product")
    children = model.objects.public().prefetch_related("stockrecords")
    rows = model.objects.browsable().select_related("product_class").prefetch_related("stockrecords")
    return rows.prefetch_public_children(queryset=children)


def _recommended(seeds: Collection[int]) -> Any:
    rows = _visible().filter(productrecommendation__primary__in=seeds)
    return rows.order_by("-productrecommendation__ranking", "pk").distinct()


def _of_same_category(seeds: Collection[int]) -> Any:
    categories = get_model("catalogue", "ProductCategory").objects.filter(product__in=seeds).values("category")
    score = F("stats__score").desc(nulls_last=True)
    return _visible().filter(productcategory__category__in=categories).order_by(score, "pk").distinct()


def _show(product: Any, strategy: Any) -> dict[str, str] | None:
    """Return title, price and path; ``None`` for what cannot be bought, or has no page."""
    info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
    price, path = info.price, product_path(product)
    if not info.availability.is_available_to_buy or not price.exists or not path:
        return None
    amount = price.incl_tax if price.is_tax_known else price.excl_tax
    return {"title": product.get_title(), "price": money(amount, price.currency), "path": path}


def _pictures(products: Collection[int]) -> Iterator[tuple[int, str]]:
    """Give the address of each product's first picture, made small; a picture that cannot be made is left out."""
    rows = get_model("catalogue", "ProductImage").objects.filter(product__in=list(products)).order_by("-display_order")
    first = {image.product_id: image for image in rows}
    for pk, image in first.items():
        try:
            yield pk, get_thumbnailer().generate_thumbnail(image.original, size=_PICTURE, upscale=False).url
        except Exception:  # noqa: BLE001 - the shop's own storage and library of pictures
            note_fault("picture")


CONTENTS.register(Suggestions.name, Suggestions())
