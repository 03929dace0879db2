"""How is a removal taken back? What was taken out of a draft travels with the form, the latest last."""

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.draft import Raw, apply_edit, find_node, siblings_of

MOST_KEPT = 10
"""Removals that can be taken back, one after the other."""

_WHOLE = "branches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The draft after a button was pressed, the place to go on at, and what can be taken back."""

    raw: Raw
    place: str
    removed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The latest removal: ``place`` is the group (or ``branches``) to offer it at, ``words`` say what it was."""

    place: str
    words: str | Promise


def press(raw: Raw, edit: str, removed: Sequence[str]) -> Pressed:
    """Return what comes of the button ``edit``: ``undo``, or an edit of :func:`draft.apply_edit`."""
    if edit == "undo":
        *left, latest = removed or [""]
        changed, place = put_back(raw, latest)
        return Pressed(raw=changed, place=place, removed=left)
    changed, place = apply_edit(raw, edit)
    taken = cut_out(raw, edit)
    kept = [*removed, taken] if taken else [*removed]
    return Pressed(raw=changed, place=place, removed=kept[-MOST_KEPT:])


def cut_out(raw: Raw, edit: str) -> str:
    """Return what ``remove:<place>`` takes out of ``raw``, with its place, as a text for :func:`put_back`; else nothing."""
    verb, _colon, path = edit.partition(":")
    node = find_node(raw, path) if verb == "remove" else None
    return json.dumps({"path": path, "node": node}) if isinstance(node, dict) else ""


def put_back(raw: Raw, removed: str) -> tuple[Raw, str]:
    """Return ``raw`` with what :func:`cut_out` wrote down, and the place to go on at.

    The list it was in may be shorter by now: then it comes last. Where that list is gone, or the text is not ours, nothing
    changes.
    """
    path, node = _read(removed)
    changed = copy.deepcopy(raw)
    siblings, index = siblings_of(changed, path)
    if siblings is None or node is None:
        return raw, ""
    siblings.insert(index, node)
    return changed, f"{path.rpartition('[')[0]}[{min(index, len(siblings) - 1)}].remove"


def offer(raw: Raw, removed: Sequence[str]) -> Undo | None:
    """Return what to offer to take back, ``None`` when there is nothing."""
    path, node = _read(removed[-1]) if removed else ("", None)
    if node is None:
        return None
    around = path.rpartition(".")[0]
    place = around if isinstance(find_node(raw, around), dict) else _WHOLE
    if not around:
        return Undo(place=place, words=_("A branch was removed."))
    is_group = "rules" in node or "combinator" in node
    return Undo(place=place, words=_("A group of conditions was removed.") if is_group else _("A condition was removed."))


def _read(removed: str) -> tuple[str, dict[str, Any] | None]:
    """What comes back from the browser may be anything."""
    try:
        written = json.loads(removed)
    except (ValueError, RecursionError):
        return "", None
    if not isinstance(written, dict) or not isinstance(written.get("path"), str) or not isinstance(written.get("node"), dict):
        return "", None
    return written["path"], written["node"]
