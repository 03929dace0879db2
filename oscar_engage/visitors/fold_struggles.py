"""What does a struggle change about a visit? The same whatever the order: sums, the largest, the first of the alphabet."""

from functools import singledispatch
from typing import Any

import msgspec

from oscar_engage.signals import shipped_struggles as struggles
from oscar_engage.signals.kinds import Payload
from oscar_engage.visitors.state import Struggles

MOST_NAMES = 20
"""Names of fields kept of a visit: the first of the alphabet, because "the first that came" would depend on the order."""

_Changes = dict[str, Any]


def fold_struggle(before: Struggles, payload: Payload) -> Struggles:
    """Return what is known of the struggles after ``payload``; ``before`` itself when it tells of none."""
    changes = _changes(payload, before)
    return msgspec.structs.replace(before, **changes) if changes else before


@singledispatch
def _changes(payload: Payload, before: Struggles) -> _Changes:
    """Return the fields that this payload changes, by its type."""
    return {}


@_changes.register
def _rage_clicked(payload: struggles.RageClicked, before: Struggles) -> _Changes:
    return {"rage_clicks": before.rage_clicks + 1}


@_changes.register
def _dead_clicked(payload: struggles.DeadClicked, before: Struggles) -> _Changes:
    return {"dead_clicks": before.dead_clicks + 1}


@_changes.register
def _field_hesitated(payload: struggles.FieldHesitated, before: Struggles) -> _Changes:
    names = {*before.hesitated_fields, payload.name} - {""}
    return {"hesitations": before.hesitations + 1, "hesitated_fields": tuple(sorted(names)[:MOST_NAMES])}


@_changes.register
def _field_left(payload: struggles.FieldLeft, before: Struggles) -> _Changes:
    return {
        "field_seconds": max(before.field_seconds, payload.seconds),
        "field_returns": before.field_returns + payload.returns,
        "fields_left_empty": before.fields_left_empty + payload.empty,
        "fields_invalid": before.fields_invalid + payload.invalid,
    }


@_changes.register
def _pointer_thrashed(payload: struggles.PointerThrashed, before: Struggles) -> _Changes:
    return {"thrashes": before.thrashes + 1}


@_changes.register
def _page_scrolled(payload: struggles.PageScrolled, before: Struggles) -> _Changes:
    return {"deepest_scroll": max(before.deepest_scroll, payload.deepest)}


@_changes.register
def _page_sought(payload: struggles.PageSought, before: Struggles) -> _Changes:
    return {"seekings": before.seekings + 1}


@_changes.register
def _text_copied(payload: struggles.TextCopied, before: Struggles) -> _Changes:
    return {"copies": before.copies + 1, "prices_copied": before.prices_copied + payload.price}


@_changes.register
def _option_toggled(payload: struggles.OptionToggled, before: Struggles) -> _Changes:
    return {"options_toggled": before.options_toggled + 1}


@_changes.register
def _script_failed(payload: struggles.ScriptFailed, before: Struggles) -> _Changes:
    return {"script_errors": before.script_errors + payload.count}
