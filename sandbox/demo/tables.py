"""What the shop sells, as written in ``data/*.toml``: one file per category, one line per product."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).resolve().parent / "data"
#: Departments in the order of the shop's menu.
DEPARTMENTS = ("Camp", "Sleep", "Kitchen", "Carry", "Clothing", "Footwear")

Stock = Literal["plenty", "low", "gone"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One colour and size of a product; either may be ``None``."""

    upc: str
    title: str
    colour: str | None
    size: str | None
    in_stock: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductRow:
    """One line of a table. ``price`` includes VAT; ``details`` follow the table's attributes."""

    upc: str
    title: str
    price: Decimal
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    details: tuple[str, ...]
    stock: Stock
    text: str
    number: int

    @property
    def has_variants(self) -> bool:
        """Whether a customer has to choose a colour or a size."""
        return len(self.colours) > 1 or bool(self.sizes)

    def variants(self) -> Iterator[Variant]:
        """Every colour in every size, with its stock; one nameless variant where there is no choice."""
        colours = self.colours if len(self.colours) > 1 else (None,)
        for position, (colour, size) in enumerate((colour, size) for colour in colours for size in (self.sizes or (None,))):
            words = [word for word in (colour, size) if word]
            yield Variant(
                upc="-".join([self.upc, *(word.lower().replace("/", "") for word in words)]),
                title=", ".join([self.title, *words]),
                colour=colour,
                size=size,
                in_stock=self._stock_of(position),
            )

    def _stock_of(self, position: int) -> int:
        if self.stock == "gone":
            return 0
        if self.stock == "low":
            return 1 + (self.number + position) % 2
        # Now and then a size runs out or nearly so, as in a real shop; the first one never does.
        if position and (self.number * 5 + position * 3) % 11 == 0:
            return 0
        if position and (self.number + position * 2) % 9 == 0:
            return 2
        return 14 + (self.number * 7 + position * 3) % 30


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryTable:
    """One category with its products."""

    slug: str
    name: str
    department: str
    product_class: str
    picture: str
    description: str
    advice: str
    attributes: tuple[tuple[str, str], ...]
    products: tuple[ProductRow, ...]


@cache
def read_tables() -> tuple[CategoryTable, ...]:
    """All categories in the order of the menu."""
    tables = [_read(path) for path in sorted(DATA.glob("*.toml"))]
    return tuple(sorted(tables, key=lambda table: DEPARTMENTS.index(table.department)))


def _read(path: Path) -> CategoryTable:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = [
        ProductRow(
            upc=f"{path.stem}-{number:02}",
            title=title,
            price=Decimal(price),
            colours=tuple(colours.split()),
            sizes=tuple(data["sizes"]),
            details=tuple(details),
            stock=stock,
            text=text,
            number=number,
        )
        for number, (title, price, colours, details, stock, text) in enumerate(data["products"], start=1)
    ]
    return CategoryTable(
        slug=path.stem,
        attributes=tuple((code, name) for code, name in data["attributes"]),
        products=tuple(rows),
        **{key: data[key] for key in ("name", "department", "product_class", "picture", "description", "advice")},
    )
