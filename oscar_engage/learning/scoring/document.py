"""What is a model, written down? A JSON document of names and numbers, read strictly: nothing in it can run.

``read_document`` is the only way in. What it returns is complete and bounded: every list as long as it has to be, every number
finite, every tree with an end. Whatever is not raises :class:`BadDocumentError`.
"""

from typing import Literal

import msgspec

from oscar_engage.learning.scoring.check import find_fault
from oscar_engage.learning.scoring.parts import Calibration, Model
from oscar_engage.learning.scoring.reach import Reach

LONGEST_TEXT = 8_000_000
"""Characters of a document: five hundred trees of a hundred nodes stay below it."""


class BadDocumentError(ValueError):
    """The text is no model of ours; the message says what is wrong with it."""


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """From when until when it was fitted: ISO 8601, empty where that is not known."""

    start: str = ""
    until: str = ""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fitted model: what it foretells, from which features in which order, and how.

    ``schema`` is the hash of the features' schema (``features.schema.SCHEMA``): on any other it does not speak. ``replicas``
    are refits on resampled visitors; how far they disagree is the doubt about the value. ``metrics``: numbers about it.
    ``ways``: of uplift, the ways of helping that enough is known of (``scoring.ways``), the one it is asked about first where
    nobody says which; of others it says nothing. None: it was fitted without, and speaks of all alike. ``reach``: how far of
    each feature it learnt from; a vector is read no farther. In format 1 nothing is known of that, and nothing is cut.
    """

    format: Literal[1, 2] = 1
    task: Literal["propensity", "exit", "uplift"]
    rung: str
    schema: str
    features: tuple[str, ...]
    model: Model
    calibration: Calibration | None = None
    replicas: tuple[Model, ...] = ()
    ways: tuple[str, ...] = ()
    reach: Reach = ()
    window: Window = Window()
    metrics: dict[str, float] = {}


def read_document(text: str | bytes) -> Document:
    """Return the document that ``text`` is; raises :class:`BadDocumentError` for anything else."""
    if len(text) > LONGEST_TEXT:
        raise BadDocumentError(f"A model has {LONGEST_TEXT} characters at most.")
    try:
        document: Document = _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadDocumentError(str(error) or type(error).__name__) from error
    fault = find_fault(document)
    if fault is not None:
        raise BadDocumentError(fault)
    return document


def write_document(document: Document) -> str:
    """Return the text of ``document``, the same for the same document; what could not be read again raises the same error."""
    fault = find_fault(document)
    if fault is not None:
        raise BadDocumentError(fault)
    return msgspec.json.encode(document, order="sorted").decode()


_DECODER = msgspec.json.Decoder(Document)
