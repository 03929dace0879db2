"""Are the help centre's articles well-formed, complete in both languages, and true for the shop they stand in?"""

import re
import tomllib
from pathlib import Path

import pytest
from django.urls import resolve

from sandbox.shipping.repository import HOME, NEIGHBOURS

HELP = Path(__file__).resolve().parents[2] / "sandbox" / "help"
ANCHORS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "anchors.js"
ARTICLES = sorted(HELP.glob("*/*.md"))
REQUIRED = {"title", "topic", "summary", "words", "asked"}
SLUGS = sorted(path.stem for path in HELP.glob("en/*.md"))


def _read(path: Path) -> tuple[dict[str, str], str]:
    head, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), body


def _slots() -> set[str]:
    stock = ANCHORS.read_text(encoding="utf-8").partition("const STOCK = {")[2].partition("};")[0]
    return set(re.findall(r'^  "?([a-z-]+)"?: \[', stock, flags=re.MULTILINE))


def test_articles__both_languages__have_the_same_slugs() -> None:
    assert len(SLUGS) >= 32
    assert sorted(path.stem for path in HELP.glob("de/*.md")) == SLUGS


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_article__each__is_well_formed(path: Path) -> None:
    head, body = _read(path)
    words = re.findall(r"\w[\w'-]*", re.sub(r"\]\([^)]*\)", "]", body))

    assert REQUIRED <= set(head) <= {*REQUIRED, "anchor"}
    assert head["topic"] in tomllib.loads((HELP / "topics.toml").read_text(encoding="utf-8"))
    assert head.get("anchor", "price") in _slots()
    assert head["summary"].endswith(".")
    assert len(head["words"].split(", ")) <= 6
    assert 16 <= len(head["asked"].split(" | ")) <= 30
    assert 120 <= len(words) <= 250
    assert 2 <= len(re.findall(r"^## \S", body, flags=re.MULTILINE)) <= 4
    assert not re.search(r"[<>]|^#{1}\s|^#{3,}", body, flags=re.MULTILINE)


@pytest.mark.parametrize("slug", SLUGS)
def test_article__its_translation__has_the_same_topic_anchor_links_and_headings(slug: str) -> None:
    (english, in_english), (german, in_german) = (_read(HELP / language / f"{slug}.md") for language in ("en", "de"))

    assert (english["topic"], english.get("anchor")) == (german["topic"], german.get("anchor"))
    assert english["title"] != german["title"]
    for pattern in (r"\]\(([^)]*)\)", r"^(##) "):
        assert re.findall(pattern, in_english, flags=re.MULTILINE) == re.findall(pattern, in_german, flags=re.MULTILINE)


def test_articles__their_links__lead_somewhere_in_the_shop() -> None:
    for path in ARTICLES:
        for target in re.findall(r"\]\(([^)]*)\)", path.read_text(encoding="utf-8")):
            assert resolve(target).namespace != "wagtail", (path.name, target)
            assert resolve(target).view_name != "wagtail_serve", (path.name, target)


def test_articles__delivery_prices__are_what_the_checkout_charges() -> None:
    for slug, methods in (("delivery-times-and-costs", HOME), ("delivery-abroad", NEIGHBOURS)):
        english, german = (_read(HELP / language / f"{slug}.md")[1] for language in ("en", "de"))
        for method in methods:
            charge = f"{method.charge:.2f}".removesuffix(".00")
            assert f"£{charge}" in english
            assert f"{charge.replace('.', ',')} £" in german
            if method.free_from is not None:
                assert f"£{method.free_from}" in english
                assert f"{method.free_from} £" in german
