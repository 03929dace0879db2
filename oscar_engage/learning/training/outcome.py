"""What came of one task? What the nightly job is told."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from oscar_engage.learning.scoring.document import Document, write_document

Points = list[list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``verdict``: ``waiting`` for evidence, ``kept`` as it is, ``better`` (then with a ``document``), or ``fall``.

    ``why`` is a code of ``registry.why``; ``rung`` that of the challenger, or the one reached; ``counts``: what there was to
    learn from; ``needs``: what is missing to the next rung; ``numbers``: both sides, compared; ``curves``: points of pictures:
    ``learning`` [rows, AUC], ``calibration`` [foretold, happened, weight], ``qini`` [share of visitors, gain per visitor].
    """

    verdict: Literal["waiting", "kept", "better", "fall"]
    why: str
    rung: str
    counts: dict[str, float]
    needs: dict[str, float | str]
    numbers: dict[str, float] = field(default_factory=dict)
    curves: dict[str, Points] = field(default_factory=dict)
    document: Document | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values; the document as its own text, which is what will be signed."""
        text = None if self.document is None else write_document(self.document)
        return {**asdict(self), "document": text}
