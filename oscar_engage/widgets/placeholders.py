"""Which values can stand in the words of an engagement? A closed list: each name with how it is read and what it looks like."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.placeholders import PlaceholderError, check, plain
from oscar_engage.core.registry import Registry
from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.alone import undone_alone
from oscar_engage.widgets.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One value by its name.

    ``read`` returns it as people write it in the language of the moment; an empty text where it is not known, and then what it
    stands in is not offered. ``example`` is for previews. ``is_for_all``: it is the same for every shopper, so that it may
    stand in what caches keep.
    """

    name: str
    label: str | Promise
    read: Callable[[Scene], str]
    example: Callable[[], str]
    is_for_all: bool = False


PLACEHOLDERS: Registry[Placeholder] = Registry("placeholder")
"""Every value there is, in the order in which the dashboard lists them."""


def placeholder(entry: Placeholder) -> Placeholder:
    """Register ``entry`` and return it; a name that could not be written between braces is refused loudly."""
    check(f"{{{{ {entry.name} }}}}", [entry.name])
    return PLACEHOLDERS.register(entry.name, entry)


def names_for(*, is_for_all: bool = False) -> tuple[str, ...]:
    """Return the names that a text may use; with ``is_for_all`` only those that are the same for every shopper."""
    return tuple(one.name for one in PLACEHOLDERS if one.is_for_all or not is_for_all)


def check_words(text: str, *, is_for_all: bool = False) -> None:
    """Raise ``PlaceholderError`` if ``text`` has anything in double braces that is not to be filled in."""
    check(text, names_for(is_for_all=is_for_all), with_fallbacks=True)


def values_of(names: Collection[str], scene: Scene) -> dict[str, str]:
    """Return what is known of these names, and ask for nothing else; a reader that fails knows nothing."""
    return {name: value for name in sorted(names) if name in PLACEHOLDERS and (value := _read(PLACEHOLDERS.get(name), scene))}


def example_values() -> dict[str, str]:
    """Return a value for every name, of nobody, for a preview."""
    return {one.name: one.example() for one in PLACEHOLDERS}


def _read(one: Placeholder, scene: Scene) -> str:
    try:
        with undone_alone():
            return plain(one.read(scene))
    except Exception:  # noqa: BLE001 - the shop's own code and tables: the offer falls away, the beat goes on
        note_fault("placeholder")
        return ""


def _pieces(scene: Scene) -> str:
    return str(scene.state.basket.quantity or "")


def _search(scene: Scene) -> str:
    return scene.state.search.query


placeholder(Placeholder(name="basket.pieces", label=_("pieces in the basket"), read=_pieces, example=lambda: "2"))
placeholder(Placeholder(name="visit.search", label=_("what was searched for last"), read=_search, example=lambda: "tent"))

__all__ = ["PLACEHOLDERS", "Placeholder", "PlaceholderError", "check_words", "example_values", "names_for", "placeholder"]
