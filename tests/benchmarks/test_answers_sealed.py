"""Is what was sealed still so, honest in its make-up, and copied by nothing that answers questions?"""

from collections import Counter

import pytest

from benchmarks.answers import labelled
from benchmarks.answers.labelled import ARTICLES, LANGUAGES, read_passages, read_questions, read_sealed
from oscar_engage.answers.elsewhere import USUAL
from oscar_engage.answers.words import meant, stem

_TELLING = 3


def test_sealed__changed__is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "sealed.csv"
    copy.write_text(labelled.SEALED.read_text(encoding="utf-8") + "x", encoding="utf-8")
    monkeypatch.setattr(labelled, "SEALED", copy)

    with pytest.raises(ValueError, match="not what was sealed"):
        read_sealed()


def test_sealed__all__are_enough_of_every_article_in_both_languages_and_new() -> None:
    sealed = read_sealed()
    kinds = Counter((one.language, bool(one.article)) for one in sealed)

    assert all(kinds[language, True] >= 36 and kinds[language, False] >= 9 for language in LANGUAGES)
    for language in LANGUAGES:
        asked = {one.article for one in sealed if one.language == language and one.article}
        assert len({path.stem for path in (ARTICLES / language).glob("*.md")} - asked) <= 1
    assert not {one.question.casefold() for one in sealed} & {one.question.casefold() for one in read_questions()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sealed__of_three_words_or_more__no_article_or_subject_is_asked_in_the_same(language: str) -> None:
    def stems(text: str) -> frozenset[str]:
        return frozenset(stem(word, language) for word in meant(text, language))

    asked = {line for one in read_passages(language) for line in one.asked.splitlines()}
    asked |= {one for questions in USUAL[language].values() for one in questions}
    said = {found for one in read_sealed() if one.language == language and len(found := stems(one.question)) >= _TELLING}
    copied = [line for line in asked if stems(line) in said]

    assert (
        len(copied) <= 1
    )  # by chance, as the one on prices and tax; names our own lines: a failure must not show what is sealed
