"""Does the source of docs/automatic-answers.md answer a question?"""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import timezone

from docs.generate import FOLDER
from oscar_engage.answers.shelf import find
from oscar_engage.answers.sources import SOURCES
from oscar_engage.conf import EngageSettings
from oscar_engage.testing.answers import FixedSource, answers_at_once
from tests.answers.library import passages
from tests.docs.test_examples import BLOCK

SOURCE, SETTINGS = BLOCK.findall((FOLDER / "automatic-answers.md").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with answers_at_once(), SOURCES.only("fixed", FixedSource(passages("en"))):
        exec(compile(SOURCE, "docs/automatic-answers.md", "exec"), {"__name__": "docs.answers"})  # noqa: S102 - our own documentation
        yield


@pytest.mark.parametrize("question", ["how long is the garantee on tents", "my tent has a broken pole"])
def test_source_example__question__its_article(question: str) -> None:
    suggestion = find(question, language="en", now=timezone.now())

    assert suggestion is not None
    assert suggestion.found[0].passage.article == "warranty"


def test_settings_example__taken() -> None:
    names: dict[str, dict[str, object]] = {}
    exec(compile(SETTINGS, "docs/automatic-answers.md", "exec"), names)  # noqa: S102 - as above
    settings = EngageSettings.from_mapping(names["OSCAR_ENGAGE"])

    assert dict(settings.returns_text)["en"].startswith("Within")
    with override_settings(OSCAR_ENGAGE=names["OSCAR_ENGAGE"]):
        assert find("how long is the guarantee", language="en", now=timezone.now()) is not None
