"""Writes the tables into Oscar's catalogue: classes, categories, products, stock and pictures."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from oscar.core.loading import get_model

from sandbox.demo.pictures import draw_picture
from sandbox.demo.tables import DEPARTMENTS, CategoryTable, ProductRow, Variant, read_tables

Product = get_model("catalogue", "Product")
Category = get_model("catalogue", "Category")
ProductClass = get_model("catalogue", "ProductClass")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductAttributeValue = get_model("catalogue", "ProductAttributeValue")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductImage = get_model("catalogue", "ProductImage")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")

LOW_STOCK = 3
#: The line of every table that goes to the front page.
BEST_SELLER = 2
#: Attributes every product class has for its variants.
VARIANT_ATTRIBUTES = (("colour", "Colour"), ("size", "Size"))
Progress = Callable[[str], None]


def load_catalogue(say: Progress) -> None:
    """Load what is missing; products are known by UPC, categories and classes by slug."""
    tables = read_tables()
    categories = _load_categories(tables)
    partner, _created = Partner.objects.get_or_create(code="fjord-fell", defaults={"name": "Fjord & Fell"})
    known = set(Product.objects.filter(upc__isnull=False).values_list("upc", flat=True))
    total = sum(len(table.products) for table in tables)
    done = 0
    for table in tables:
        missing = [row for row in table.products if row.upc not in known]
        done += len(table.products)
        if not missing:
            continue
        with transaction.atomic():
            _load_products(table, missing, categories[table.slug], partner)
        say(f"products {done}/{total}")


def _load_categories(tables: Iterable[CategoryTable]) -> dict[str, Any]:
    known = {category.slug: category for category in Category.objects.all()}
    for department in DEPARTMENTS:
        slug = slugify(department)
        if slug not in known:
            known[slug] = Category.add_root(name=department, slug=slug)
    for table in tables:
        if table.slug not in known:
            picture = f"categories/{table.slug}.jpg"
            _draw(picture, drawing=table.picture, colour=table.products[0].colours[0], name=table.slug)
            parent = Category.objects.get(slug=slugify(table.department))
            known[table.slug] = parent.add_child(name=table.name, slug=table.slug, description=table.description, image=picture)
    return known


def _load_class(table: CategoryTable) -> tuple[Any, dict[str, Any]]:
    product_class, _created = ProductClass.objects.get_or_create(
        slug=slugify(table.product_class), defaults={"name": table.product_class}
    )
    known = {attribute.code: attribute for attribute in product_class.attributes.all()}
    for code, name in (*table.attributes, *VARIANT_ATTRIBUTES):
        if code not in known:
            known[code] = product_class.attributes.create(code=code, name=name, type=ProductAttribute.TEXT)
    return product_class, known


def _load_products(table: CategoryTable, rows: list[ProductRow], category: Any, partner: Any) -> None:
    product_class, attributes = _load_class(table)
    tops = Product.objects.bulk_create([_top(table, row, product_class) for row in rows])
    ProductCategory.objects.bulk_create([ProductCategory(product=top, category=category) for top in tops])
    values, images, records = [], [], []
    for top, row in zip(tops, rows, strict=True):
        pictures = {colour: _picture(table, row, colour) for colour in row.colours}
        images += [_image(top, picture, order) for order, picture in enumerate(pictures.values())]
        values += [
            ProductAttributeValue(product=top, attribute=attributes[code], value_text=detail)
            for (code, _name), detail in zip(table.attributes, row.details, strict=True)
        ]
        variants = list(row.variants())
        sold = [top] if not row.has_variants else Product.objects.bulk_create(_child(top, v) for v in variants)
        for product, variant in zip(sold, variants, strict=True):
            records.append(_record(product, variant, row, partner))
            values += _variant_values(product, variant, attributes)
            if product is not top:
                images.append(_image(product, pictures[variant.colour or row.colours[0]], 0))
    ProductAttributeValue.objects.bulk_create(values)
    ProductImage.objects.bulk_create(images)
    StockRecord.objects.bulk_create(records)


def _top(table: CategoryTable, row: ProductRow, product_class: Any) -> Any:
    facts = format_html_join(", ", "{}: {}", [(n, d) for (_c, n), d in zip(table.attributes, row.details, strict=True)])
    return Product(
        upc=row.upc,
        title=row.title,
        slug=slugify(row.title),
        structure=Product.PARENT if row.has_variants else Product.STANDALONE,
        product_class=product_class,
        description=format_html("<p>{}</p><p>{}</p><p>{}.</p>", row.text, table.advice, facts),
        meta_description=row.text,
        priority=1 if row.number == BEST_SELLER else 0,
    )


def _child(parent: Any, variant: Variant) -> Any:
    return Product(
        upc=variant.upc,
        title=variant.title,
        slug=slugify(variant.title),
        structure=Product.CHILD,
        parent=parent,
    )


def _variant_values(product: Any, variant: Variant, attributes: dict[str, Any]) -> list[Any]:
    words = {"colour": variant.colour, "size": variant.size}
    return [
        ProductAttributeValue(product=product, attribute=attributes[code], value_text=word)
        for code, word in words.items()
        if word
    ]


def _record(product: Any, variant: Variant, row: ProductRow, partner: Any) -> Any:
    return StockRecord(
        product=product,
        partner=partner,
        partner_sku=variant.upc,
        price_currency=settings.OSCAR_DEFAULT_CURRENCY,
        price=row.price,
        num_in_stock=variant.in_stock,
        low_stock_threshold=LOW_STOCK,
    )


def _image(product: Any, path: str, order: int) -> Any:
    return ProductImage(product=product, original=path, display_order=order)


def _picture(table: CategoryTable, row: ProductRow, colour: str) -> str:
    path = f"products/{row.upc}-{colour}.jpg"
    _draw(path, drawing=table.picture, colour=colour, name=row.upc)
    return path


def _draw(path: str, *, drawing: str, colour: str, name: str) -> None:
    target = Path(settings.MEDIA_ROOT) / path
    if not target.exists():
        draw_picture(target, drawing=drawing, colour=colour, name=name)
