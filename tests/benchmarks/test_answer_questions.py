"""Are the labelled questions what their README says: shares of kinds, whole topics kept apart, every article there?"""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "sandbox" / "help"
ANSWERABLE = {"plain", "misspelt", "paraphrased", "both"}
#: Every one of these shares is "about a third" (or a half).
SLACK = 0.05


@pytest.fixture(scope="module")
def questions() -> list[dict[str, str]]:
    """Every row of the file."""
    with (ROOT / "benchmarks" / "answers" / "questions.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _topic_of(article: str) -> str:
    text = (HELP / "en" / f"{article}.md").read_text(encoding="utf-8")
    return next(line.removeprefix("topic:").strip() for line in text.splitlines() if line.startswith("topic:"))


def test_questions__of_an_article__article_exists_in_their_language_and_topic(questions) -> None:
    for row in questions:
        if row["kind"] in ANSWERABLE:
            assert (HELP / row["language"] / f"{row['article']}.md").is_file(), row
            assert row["topic"] == _topic_of(row["article"]), row


def test_questions__of_every_article__stand_in_both_languages(questions) -> None:
    asked = {(row["language"], row["article"]) for row in questions if row["article"]}

    assert asked == {(path.parent.name, path.stem) for path in HELP.glob("*/*.md")}


def test_questions__kind_none__name_no_article(questions) -> None:
    for row in questions:
        assert row["kind"] in {*ANSWERABLE, "none"}, row
        assert (row["kind"] == "none") == (row["article"] == ""), row


def test_questions__all__are_enough_and_in_the_shares_that_are_promised(questions) -> None:
    total = len(questions)
    kinds, languages = Counter(row["kind"] for row in questions), Counter(row["language"] for row in questions)
    hard = kinds["misspelt"] + kinds["paraphrased"] + kinds["both"]

    assert total >= 220
    for share in (kinds["plain"] / total, hard / total, kinds["none"] / total):
        assert share == pytest.approx(1 / 3, abs=SLACK)
    assert languages["en"] / total == pytest.approx(1 / 2, abs=SLACK)
    assert set(languages) == {"en", "de"}


def test_questions__kept_part__is_about_a_third_by_whole_topics_with_all_kinds(questions) -> None:
    parts = defaultdict(set)
    first = [row for row in questions if row["part"] != "fresh"]
    for row in first:
        parts[row["topic"]].add(row["part"])
    kept = [row for row in questions if row["part"] == "kept"]

    assert all(len(found) == 1 for found in parts.values())
    assert len(kept) / len(first) == pytest.approx(1 / 3, abs=SLACK)
    assert {row["kind"] for row in kept} == {*ANSWERABLE, "none"}
    assert sum(row["kind"] == "none" for row in kept) / len(kept) == pytest.approx(1 / 3, abs=SLACK)


def test_questions__fresh_part__is_eighty_or_more_in_thirds_of_plain_hard_and_none_in_both_languages(questions) -> None:
    fresh = [row for row in questions if row["part"] == "fresh"]

    assert len(fresh) >= 80
    for language in ("en", "de"):
        kinds = Counter(row["kind"] for row in fresh if row["language"] == language)
        assert kinds["plain"] == kinds["none"] == kinds["misspelt"] + kinds["paraphrased"] + kinds["both"]
    assert {row["part"] for row in questions} == {"tune", "kept", "fresh"}


def test_questions__all__differ_in_id_and_in_text(questions) -> None:
    assert len({row["id"] for row in questions}) == len(questions)
    assert len({(row["language"], row["question"].casefold().rstrip("?")) for row in questions}) == len(questions)
