"""Models that speak of every visit, for tests of what is made of their word."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from oscar_engage.learning.registry.live import BACKGROUND, drop_live_models
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.document import Document
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
