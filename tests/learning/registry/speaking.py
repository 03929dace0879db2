"""Models that speak of every visit, for tests of what is made of their word."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from django.utils import timezone

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.registry.live import BACKGROUND, drop_live_models
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Linear, Logistic
from tests.learning.registry.fitted import make_fitted


@contextmanager
def models_that_speak(*documents: Document) -> Iterator[dict[str, ModelVersion]]:
    """Have these speak, or else one for each task, and this process read them at once."""
    now, before, BACKGROUND.is_inline = timezone.now(), BACKGROUND.is_inline, True
    drop_live_models()
    kept = [keep(document, samples=1, events=1, now=now) for document in documents or map(make_fitted, Task.values)]
    try:
        yield {version.task: promote(version, now=now, why=Why.BETTER) for version in kept}
    finally:
        BACKGROUND.is_inline = before
        drop_live_models()


def looking_at(task: str, **coefficients: float) -> Document:
    """Return a model that looks at these features alone."""
    size = len(NAMES)
    kind = Linear if task == Task.UPLIFT else Logistic
    model = kind(
        intercept=0.0,
        coefficients=tuple(coefficients.get(name, 0.0) for name in NAMES),
        fills=(0.0,) * size,
        logs=(False,) * size,
        means=(0.0,) * size,
        scales=(1.0,) * size,
        missing=(0.0,) * size,
    )
    return msgspec.structs.replace(make_fitted(task), model=model)
