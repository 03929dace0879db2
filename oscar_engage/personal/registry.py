"""Which tables hold personal data, and what becomes of it? Loud: a field that nobody decided about stops the start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from oscar_engage.core.registry import Registry
from oscar_engage.personal.person import Person

Rows = QuerySet[Any]
Find = Callable[[Person], Rows]
Export = Callable[[Any], Mapping[str, Any]]


class Erase(Protocol):
    """Takes some of a person's rows away, inside the caller's transaction."""

    def __call__(self, rows: Rows, person: Person, *, now: datetime) -> None:
        """Delete ``rows`` or make them anonymous, so that they are not found for ``person`` any more."""
        ...


class UndecidedFieldError(ValueError):
    """A model was registered without saying of each of its fields, once, whether it is personal."""


class Ending(Enum):
    """What erasure does with a row."""

    DELETED = "deleted"
    ANONYMISED = "anonymised"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long rows stay: the ``setting`` in days with the recurring ``job`` that removes what is older, else a ``reason``."""

    setting: str = ""
    job: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """One kind of data about people: a model, whose its rows are, and how they are exported, erased and kept.

    ``find`` returns a person's rows, ``erase`` takes some of them away so that ``find`` finds them no more. ``is_asked``: the
    shopper asked for it, so it survives a withdrawal of consent. ``why`` says what stays after erasure, and why it may.
    """

    name: str
    model: type[Model]
    label: str | Promise
    personal: frozenset[str]
    impersonal: frozenset[str]
    find: Find
    erase: Erase | None
    export: Export
    retention: Retention
    ending: Ending
    is_asked: bool = False
    why: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Impersonal:
    """A model that holds nothing about a person, with the fields that somebody looked at and the reason."""

    model: type[Model]
    fields: frozenset[str]
    why: str


PERSONAL: Registry[PersonalData] = Registry("kind of personal data")
IMPERSONAL: Registry[Impersonal] = Registry("model without personal data")


def personal_data(
    name: str,
    model: type[Model],
    *,
    label: str | Promise,
    personal: Iterable[str],
    impersonal: Iterable[str],
    find: Find,
    retention: Retention,
    erase: Erase | None = None,
    ending: Ending = Ending.DELETED,
    export: Export | None = None,
    is_asked: bool = False,
    why: str | Promise = "",
) -> PersonalData:
    """Register what ``model`` keeps about people under ``name``, and return it.

    By default rows are exported with all their fields and erased by deleting them. Register a model before those that refer
    to it: erasure goes from the last to the first. Raises :class:`UndecidedFieldError`, or ``ValueError`` for an erasure that
    does not fit its ending.
    """
    decided = _decide(model, personal, impersonal)
    if ending is Ending.KEPT and not why:
        raise ValueError(f"{name!r} survives its person: say why it may.")
    if (ending is Ending.ANONYMISED and erase is None) or (ending is Ending.KEPT and erase is not None):
        raise ValueError(f"{name!r} is {ending.value}: erase= says how rows are anonymised, and what is kept has none.")
    entry = PersonalData(
        name=name,
        model=model,
        label=label,
        personal=decided[0],
        impersonal=decided[1],
        find=find,
        erase=erase or (_delete if ending is Ending.DELETED else None),
        export=export or export_fields(*(field.attname for field in model._meta.concrete_fields)),
        retention=retention,
        ending=ending,
        is_asked=is_asked,
        why=why,
    )
    return PERSONAL.register(name, entry)


def impersonal_data(model: type[Model], *fields: str, why: str) -> Impersonal:
    """Register that ``model`` holds nothing about a person, naming every field that was looked at."""
    _personal, decided = _decide(model, (), fields)
    return IMPERSONAL.register(model._meta.label, Impersonal(model, decided, why))


def erasing_order() -> tuple[PersonalData, ...]:
    """Return what erasure takes away, those first that refer to others."""
    return tuple(entry for entry in reversed(tuple(PERSONAL)) if entry.erase is not None)


def export_fields(*names: str) -> Export:
    """Return an export of the attributes ``names`` as they are."""
    return lambda row: {name: getattr(row, name) for name in names}


def _delete(rows: Rows, person: Person, *, now: datetime) -> None:
    rows.delete()


def _decide(model: type[Model], personal: Iterable[str], impersonal: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    personal, impersonal = tuple(personal), tuple(impersonal)
    decided = [*personal, *impersonal]
    known = {field.name for field in model._meta.concrete_fields}
    wrong = sorted((known ^ set(decided)) | {name for name in decided if decided.count(name) > 1})
    if wrong:
        raise UndecidedFieldError(
            f"{model._meta.label}: say of each field, once, whether it is personal. To be decided: {', '.join(wrong)}."
        )
    return frozenset(personal), frozenset(impersonal)
