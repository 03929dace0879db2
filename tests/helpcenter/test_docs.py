"""Does docs/help-centre.md work as it is written?"""

import re
from pathlib import Path

import pytest

from docs.generate import FOLDER
from oscar_engage.helpcenter.apps import NEEDED
from oscar_engage.helpcenter.load import load
from oscar_engage.helpcenter.models import HelpArticle
from tests.helpcenter.conftest import NOW

PAGE = (FOLDER / "help-centre.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:text|python)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def block(begins: str) -> str:
    return next(text for text in BLOCKS if text.startswith(begins))


def test_install__as_written__names_all_that_is_needed() -> None:
    named = re.findall(r'"([\w.]+)"', block("INSTALLED_APPS"))
    assert named == ["oscar_engage.helpcenter.apps.HelpCenterConfig", *NEEDED]


@pytest.mark.django_db
def test_files__as_written__load_and_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "topics.toml").write_text(block("[returns]"), encoding="utf-8")
    (tmp_path / "en/return-an-item.md").write_text(block("title:"), encoding="utf-8")

    load(tmp_path, now=NOW)
    exec(block("from oscar_engage.answers"), {})  # noqa: S102 - our own documentation's

    assert HelpArticle.objects.get().live
    assert "Return an item · How long it takes · /engage/help-centre/articles/return-an-item/#engage-part-1" in (
        capsys.readouterr().out
    )
