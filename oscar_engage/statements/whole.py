"""How does a queryset that is compiled once give whole models? Every column of theirs, and of what is read along.

Measured on a chat's message: two thirds of its CPU went into compiling the same six queries of some fifty columns each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from oscar_engage.statements.prepared import Prepared

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one model within a row; ``field`` is how the row's own model leads there, ``None`` for itself."""

    model: type[Model]
    names: tuple[str, ...]
    key: int
    start: int
    field: Any = None

    @property
    def end(self) -> int:
        return self.start + len(self.names)

    def read(self, alias: str, row: tuple[Any, ...]) -> Any:
        """Return the model, or ``None`` where the row has none."""
        if row[self.start + self.key] is None:
            return None
        return self.model.from_db(alias, self.names, row[self.start : self.end])


class PreparedModels(Generic[M]):
    """The models of the queryset that ``build`` returns, which has a ``Given`` for each open value, as ``Prepared`` has them.

    ``along`` names the relations to one other model each that are read with them, as ``select_related`` does: foreign keys,
    and one-to-one fields of others.
    """

    def __init__(self, build: Callable[[], QuerySet[M, Any]], *along: str) -> None:
        self._build, self._along = build, along
        self._prepared = Prepared(lambda: self._queryset.values_list(*self._columns()))

    def all(self, **values: Any) -> list[M]:
        """Return what one run finds; a missing value is a KeyError."""
        alias, (own, *others) = self._queryset.db, self._parts
        return [_together(own, others, alias, row) for row in self._prepared.rows(**values)]

    def get(self, **values: Any) -> M:
        """Return the one that there is, or raise the model's ``DoesNotExist``; ask by what is unique."""
        for model in self.all(**values):
            return model
        raise self._queryset.model.DoesNotExist  # type: ignore[attr-defined]  # each model has its own

    @cached_property
    def _queryset(self) -> QuerySet[M, Any]:
        return self._build()  # not before the first run: models are still being loaded when a module is

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        model = self._queryset.model
        parts = [_part(model, 0)]
        for name in self._along:
            field: Any = model._meta.get_field(name)
            parts.append(_part(field.related_model, parts[-1].end, field))
        return tuple(parts)

    def _columns(self) -> Iterable[str]:
        for part in self._parts:
            prefix = f"{part.field.name}__" if part.field else ""
            yield from (prefix + name for name in part.names)


def _part(model: type[Model], start: int, field: Any = None) -> _Part:
    names = tuple(each.attname for each in model._meta.concrete_fields)
    return _Part(model, names, names.index(model._meta.pk.attname), start, field)


def _together(own: _Part, others: Iterable[_Part], alias: str, row: tuple[Any, ...]) -> Any:
    found = own.read(alias, row)
    for part in others:
        other = part.read(alias, row)
        part.field.set_cached_value(found, other)
        if other is not None and part.field.one_to_one:
            part.field.remote_field.set_cached_value(other, found)
    return found
