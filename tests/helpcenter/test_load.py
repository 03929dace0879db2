"""Do files become articles: all or nothing, as often as one likes?"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from oscar_engage.helpcenter.load import load
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic
from oscar_engage.helpcenter.publish import draft_of, save_draft
from tests.helpcenter.conftest import NOW


def test_load__first_time__articles_are_live_and_translations_belong_together(loaded: dict[str, HelpArticle]) -> None:
    english, german = loaded["en/return-an-item"], loaded["de/return-an-item"]

    assert len(loaded) == 3
    assert english.live
    assert german.live
    assert english.translation_key == german.translation_key != loaded["en/where-is-my-parcel"].translation_key
    assert english.words == "send back, refund, wrong size"
    assert english.anchors == "size-table"
    assert HelpTopic.objects.get(slug="returns").names == {"en": "Returns", "de": "Rückgabe"}


def test_load__a_second_time__changes_nothing(loaded: dict[str, HelpArticle], folder: Path) -> None:
    before = [(row.pk, row.latest_revision_id) for row in HelpArticle.objects.order_by("pk")]

    told = load(folder, now=NOW)

    assert (told.created, told.changed, told.same) == (0, 0, 3)
    assert [(row.pk, row.latest_revision_id) for row in HelpArticle.objects.order_by("pk")] == before


def test_load__a_changed_file__is_published_anew(loaded: dict[str, HelpArticle], folder: Path) -> None:
    path = folder / "en/return-an-item.md"
    path.write_text(path.read_text().replace("Five days", "Six days"))

    told = load(folder, now=NOW)

    article = HelpArticle.objects.get(pk=loaded["en/return-an-item"].pk)
    assert (told.changed, told.same) == (1, 2)
    assert "Six days" in article.body
    assert article.revisions.count() == 2


def test_load__changed_by_hand_since__stays_and_is_named(loaded: dict[str, HelpArticle], folder: Path) -> None:
    article = loaded["en/return-an-item"]
    article.title, article.digest = "By hand", ""
    save_draft(article, user=None, now=NOW)
    path = folder / "en/return-an-item.md"
    path.write_text(path.read_text() + "\nMore.\n")
    out = StringIO()

    call_command("engage_load_articles", str(folder), stdout=out)

    assert "en/return-an-item was changed in the dashboard" in out.getvalue()
    assert draft_of(HelpArticle.objects.get(pk=article.pk)).title == "By hand"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("en/late.md", "title: Late\n\nText", r"late\.md, line 1: .*topic:"),
        ("en/late.md", "title: Late\ntopic: other\nsummary: x\n\nText", r"late\.md, line 1: .*no topic 'other'"),
        ("en/late.md", "title: Late\nsubject: x\n\nText", r"late\.md, line 2: expected one of"),
        ("en/late.md", "title: L\ntopic: returns\nsummary: x\n\nok\n[go](javascript:x)", r"late\.md, line 6: .*javascript:x"),
        ("de/where-is-my-parcel.md", "title: L\ntopic: returns\nsummary: x\n\nok", r"parcel\.md, line 1: .*'delivery'"),
        ("topics.toml", '[returns]\nen = "x"\nen = "y"', r"topics\.toml, line 3"),
        ("topics.toml", '[returns]\norder = -1\nen = "y"', r"topics\.toml, line 1: .*order"),
    ],
)
def test_load__one_bad_file__is_named_with_its_line_and_nothing_is_loaded(
    db: None, folder: Path, name: str, text: str, words: str
) -> None:
    (folder / name).write_text(text)

    with pytest.raises(CommandError, match=words):
        call_command("engage_load_articles", str(folder))

    assert not HelpArticle.objects.exists()
    assert not HelpTopic.objects.exists()


def test_load__bytes_that_are_no_text__are_named(db: None, folder: Path) -> None:
    (folder / "en/late.md").write_bytes(b"title: L\n\xff\n")
    with pytest.raises(CommandError, match=r"late\.md, line 2: this is no UTF-8"):
        call_command("engage_load_articles", str(folder))


def test_load__no_topics__says_which_file_is_missing(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"topics\.toml, line 1: there is no such file"):
        call_command("engage_load_articles", str(tmp_path))
