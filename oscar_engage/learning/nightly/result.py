"""What did training say? ``result.json`` of its process, read as strictly as anything from outside."""

from typing import Any, Literal

import msgspec

from oscar_engage.learning.registry.models import Task

LONGEST = 20_000_000
"""Bytes of a result, at most: the largest document of the highest rung is a tenth of it."""

_WORD = 32  # characters of a code in ``TrainingRun.why``


class BadResultError(ValueError):
    """It cannot be read; the message says why in a word or two."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one task. ``verdict``: ``waiting`` for evidence, ``kept``, ``better`` or ``fall``.

    ``document``: the challenger's text, only with ``better``; ``why``: a code of ``registry.why``; ``counts``: what there was
    to learn from; ``needs``: what is missing to the next rung; ``numbers``: both models; ``curves``: points of pictures.
    """

    verdict: Literal["waiting", "kept", "better", "fall"]
    document: str | None = None
    rung: str = ""
    why: str = ""
    counts: dict[str, float] = {}
    needs: dict[str, float | str] = {}
    numbers: dict[str, Any] = {}
    curves: dict[str, list[list[float]]] = {}


def read_result(text: bytes, task: Task) -> Result:
    """Return the result of ``task``, or raise :class:`BadResultError`: one that is too long, or not what was agreed."""
    if len(text) > LONGEST:
        raise BadResultError("too long")
    try:
        result = msgspec.json.decode(text, type=Result)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadResultError("not what was agreed") from error
    if len(result.why) > _WORD or len(result.rung) > _WORD // 2:
        raise BadResultError("a code is too long")
    if (result.verdict == "better") != (result.document is not None):
        raise BadResultError(f"{result.verdict} of {task}, and the document does not fit")
    return result
