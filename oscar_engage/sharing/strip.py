"""What of a recording may an agent's browser replay? A walk over the events, which keeps what it knows and drops the rest.

The browser's script masks before it sends. Whoever sends may be another: nothing here trusts that it did.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oscar_engage.sharing.markup import DRAWN, EMPTY, TAGS, clean_attribute, clean_attributes, mask_words
from oscar_engage.sharing.styles import LONGEST_SHEET, clean_css

DEEPEST = 90
"""Elements inside each other, at most; what is deeper is not there."""

MOST_NODES = 30_000
"""Nodes in one request, at most; the product page of Oscar's sandbox has 900."""

_DOCUMENT, _DOCTYPE, _ELEMENT, _TEXT = 0, 1, 2, 3
_SNAPSHOT, _CHANGE, _META = 2, 3, 4
_MUTATION, _MOVE, _INTERACTION, _SCROLL, _RESIZE, _TOUCH = 0, 1, 2, 3, 4, 6
_MOST_CHANGES = 5_000
_MOST_POSITIONS = 200
_LARGEST = 10_000_000.0
_LATEST = 1e14  # milliseconds since 1970


class TooManyNodesError(ValueError):
    """More nodes than any page of a shop has."""


@dataclass(slots=True)
class _Walk:
    """One request's way through its nodes. ``bases``: addresses below which files may be loaded."""

    bases: Sequence[str]
    left: int = MOST_NODES

    def node(self, raw: object, depth: int = 0, inside: str = "") -> dict[str, Any] | None:
        if not isinstance(raw, dict) or depth > DEEPEST:
            return None
        self.left -= 1
        if self.left < 0:
            raise TooManyNodesError
        number, kind = _id(raw.get("id")), raw.get("type")
        if number is None:
            return None
        if kind == _TEXT:
            return self._text(raw, number, inside)
        if kind == _DOCTYPE:
            return {"type": _DOCTYPE, "name": "html", "publicId": "", "systemId": "", "id": number}
        if kind == _DOCUMENT:
            return {"type": _DOCUMENT, "childNodes": self._children(raw, depth, ""), "id": number}
        return self._element(raw, number, depth) if kind == _ELEMENT else None

    def _text(self, raw: Mapping[str, Any], number: int, inside: str) -> dict[str, Any] | None:
        text = raw.get("textContent")
        if not isinstance(text, str):
            return None
        shown = clean_css(text, most=LONGEST_SHEET) if inside == "style" else mask_words(text)
        return {"type": _TEXT, "textContent": shown, "id": number}

    def _element(self, raw: Mapping[str, Any], number: int, depth: int) -> dict[str, Any]:
        given = raw.get("tagName")
        tag = given.lower() if isinstance(given, str) else ""
        is_drawn = tag in DRAWN and raw.get("isSVG") is True
        is_blocked, attributes = raw.get("needBlock") is True, raw.get("attributes")
        is_box = is_blocked or (isinstance(attributes, dict) and str(attributes.get("type", "")).lower() == "hidden")
        if tag == "input" and is_box:  # a field's own border would show where nothing is
            tag, attributes, is_blocked = "span", {}, False
        shown = tag if is_drawn or tag in TAGS else "span" if tag in EMPTY else "div"
        node: dict[str, Any] = {
            "type": _ELEMENT,
            "tagName": shown,
            "attributes": clean_attributes(shown, attributes, self.bases),
            "childNodes": []
            if tag in EMPTY or is_blocked or (tag == "title" and not is_drawn)
            else self._children(raw, depth, shown),
            "id": number,
        }
        if is_drawn:
            node["isSVG"] = True
        if is_blocked:
            node["needBlock"] = True
        return node

    def _children(self, raw: Mapping[str, Any], depth: int, inside: str) -> list[dict[str, Any]]:
        children = raw.get("childNodes")
        if not isinstance(children, list):
            return []
        return [node for child in children if (node := self.node(child, depth + 1, inside)) is not None]


def strip_events(events: Iterable[object], bases: Sequence[str]) -> list[dict[str, Any]]:
    """Return those of ``events`` that may be replayed, in their order and without what could act, fetch, or tell a secret.

    ``bases``: beginnings of addresses of static files and pictures. Raises :class:`TooManyNodesError`.
    """
    walk = _Walk(bases)
    return [event for raw in events if (event := _event(raw, walk)) is not None]


def has_snapshot(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether among stripped ``events`` there is one with which a replay can begin."""
    return any(event["type"] == _SNAPSHOT for event in events)


def _event(raw: object, walk: _Walk) -> dict[str, Any] | None:
    if not isinstance(raw, dict) or not isinstance(data := raw.get("data"), dict):
        return None
    at = raw.get("timestamp")
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at <= _LATEST:
        return None
    read = {_SNAPSHOT: _snapshot, _CHANGE: _change, _META: _meta}.get(_kind(raw.get("type")))
    clean = read(data, walk) if read else None
    return None if clean is None else {"type": raw["type"], "data": clean, "timestamp": at}


def _kind(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _snapshot(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    node = walk.node(data.get("node"))
    if node is None or node["type"] != _DOCUMENT:
        return None
    offset = data.get("initialOffset")
    top, left = (_length(offset.get("top")), _length(offset.get("left"))) if isinstance(offset, dict) else (0, 0)
    return {"node": node, "initialOffset": {"top": top or 0, "left": left or 0}}


def _meta(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    width, height = _length(data.get("width")), _length(data.get("height"))
    return None if width is None or height is None else {"href": "", "width": width, "height": height}


def _change(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    source = _kind(data.get("source"))
    read = _CHANGES.get(source)
    clean = read(data, walk) if read else None
    return None if clean is None else {"source": source, **clean}


def _mutation(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    return {
        "texts": [one for raw in _listed(data, "texts") if (one := _changed_text(raw)) is not None],
        "attributes": [one for raw in _listed(data, "attributes") if (one := _changed_attributes(raw, walk)) is not None],
        "removes": [one for raw in _listed(data, "removes") if (one := _removed(raw)) is not None],
        "adds": [one for raw in _listed(data, "adds") if (one := _added(raw, walk)) is not None],
    }


def _listed(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = data.get(name)
    return [row for row in rows[:_MOST_CHANGES] if isinstance(row, dict)] if isinstance(rows, list) else []


def _changed_text(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    number, value = _id(raw.get("id")), raw.get("value")
    return None if number is None or not isinstance(value, str) else {"id": number, "value": mask_words(value)}


def _changed_attributes(raw: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    number, changed = _id(raw.get("id")), raw.get("attributes")
    if number is None or not isinstance(changed, dict):
        return None
    kept: dict[str, Any] = {}
    for name, value in list(changed.items())[:100]:
        clean = clean_attribute(name, value, walk.bases)
        if clean is not None:
            kept[name] = clean
        elif value is None and clean_attribute(name, "", walk.bases) is not None:
            kept[name] = None  # a plain one that was taken off
    return {"id": number, "attributes": kept} if kept else None


def _removed(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    number, parent = _id(raw.get("id")), _id(raw.get("parentId"))
    return None if number is None or parent is None else {"id": number, "parentId": parent}


def _added(raw: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    parent, after = _id(raw.get("parentId")), raw.get("nextId")
    node = walk.node(raw.get("node"))
    if parent is None or node is None or node["type"] not in {_ELEMENT, _TEXT}:
        return None
    return {"parentId": parent, "nextId": _id(after), "node": node}


def _positions(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    kept = []
    for raw in _listed(data, "positions")[:_MOST_POSITIONS]:
        x, y, number, at = _length(raw.get("x")), _length(raw.get("y")), _id(raw.get("id")), _length(raw.get("timeOffset"))
        if None not in {x, y, number, at}:
            kept.append({"x": x, "y": y, "id": number, "timeOffset": at})
    return {"positions": kept} if kept else None


def _interaction(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    kind, number = _kind(data.get("type")), _id(data.get("id"))
    x, y = _length(data.get("x", 0)), _length(data.get("y", 0))
    is_known = 0 <= kind <= 10  # noqa: PLR2004 - the recorder's list: pressed, let go, clicked, touched, …
    return {"type": kind, "id": number, "x": x, "y": y} if is_known and None not in {number, x, y} else None


def _scrolled(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    number, x, y = _id(data.get("id")), _length(data.get("x")), _length(data.get("y"))
    return None if None in {number, x, y} else {"id": number, "x": x, "y": y}


def _resized(data: Mapping[str, Any], walk: _Walk) -> dict[str, Any] | None:
    width, height = _length(data.get("width")), _length(data.get("height"))
    return None if width is None or height is None else {"width": width, "height": height}


_CHANGES = {
    _MUTATION: _mutation,
    _MOVE: _positions,
    _INTERACTION: _interaction,
    _SCROLL: _scrolled,
    _RESIZE: _resized,
    _TOUCH: _positions,
}


def _id(value: object) -> int | None:
    """Return the number of a node; ``None`` for what is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= _LARGEST else None


def _length(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) <= _LARGEST else None
