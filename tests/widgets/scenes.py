"""Scenes in which engagements are filled in."""

from typing import Any
from uuid import uuid4

from oscar_engage.rules.answers import UNASKED, Answers
from oscar_engage.visitors.page import PageFacts
from oscar_engage.widgets.scene import Scene
from tests.rules.moments import NOW, make_state


def make_scene(
    *,
    product_id: int | None = None,
    answers: Answers = UNASKED,
    customer_id: int | None = None,
    language: str = "en",
    **state: Any,
) -> Scene:
    """Return a scene on the page of this product, or on some other page."""
    page = PageFacts(kind="product", product_id=product_id) if product_id else PageFacts()
    return Scene(
        state=make_state(**state),
        page=page,
        answers=answers,
        visitor_id=uuid4(),
        customer_id=customer_id,
        language=language,
        now=NOW,
    )
