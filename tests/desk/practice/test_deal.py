"""Who comes, when, and is a script that nobody could answer refused?"""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.registry import DuplicateEntryError
from oscar_engage.desk.practice.deal import APART, FIRST, MOST_AT_ONCE, deal
from oscar_engage.desk.practice.manners import MANNERS, manners_of
from oscar_engage.desk.practice.phrase import PhraseError
from oscar_engage.desk.practice.registry import SCRIPTS, languages, register_script, scripts_in
from oscar_engage.desk.practice.script import Difficulty, InvalidScriptError, Limit, Need, Reply, Script, check_script
from oscar_engage.desk.topics.store import _usual
from tests.desk.practice.test_shopper import SCRIPT


@given(st.integers(1, 5), st.text(max_size=6))
def test_deal__any_seed__comes_one_after_the_other(size: int, seed: str) -> None:
    dealt = deal(scripts_in("en"), size=size, done={}, seed=seed)
    assert len(dealt) == min(size, MOST_AT_ONCE) == len({one.script.key for one in dealt})
    assert dealt[0].begins == FIRST
    apart = [after.begins - before.begins for before, after in itertools.pairwise(dealt)]
    assert all(APART[0] <= one <= APART[1] for one in apart)
    assert dealt == deal(scripts_in("en"), size=size, done={}, seed=seed)


def test_deal__practised_least__comes_first() -> None:
    done = {one.name: 1 for one in scripts_in("de") if one.name != "voucher"}
    assert deal(scripts_in("de"), size=1, done=done, seed="x")[0].script.key == "voucher.de"


def test_deal__nobody__is_nobody() -> None:
    assert deal((), size=2, done={}, seed="x") == ()


@pytest.mark.parametrize("language", ["en", "de"])
def test_scripts__each_language__has_a_dozen_of_each_difficulty_three_at_least(language: str) -> None:
    assert len(scripts_in(language)) >= 12
    for difficulty in Difficulty:
        assert len(scripts_in(language, difficulty)) >= MOST_AT_ONCE
    assert {one.name for one in scripts_in(language)} == {one.name for one in scripts_in("en")}


def test_scripts__topics__are_usual_ones() -> None:
    assert {one.topic for one in SCRIPTS} <= set(_usual())
    assert languages() == ["de", "en"]


def test_register__twice__is_refused() -> None:
    with SCRIPTS.only("x", SCRIPT):
        assert register_script(SCRIPT) is SCRIPT
        with pytest.raises(DuplicateEntryError):
            register_script(SCRIPT)


BARE = replace(MANNERS["en"], waits=())


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (replace(SCRIPT, opening=()), InvalidScriptError),
        (replace(SCRIPT, opening=("",)), InvalidScriptError),
        (replace(SCRIPT, needs=()), InvalidScriptError),
        (replace(SCRIPT, lookup=()), InvalidScriptError),
        (replace(SCRIPT, patience=-1), InvalidScriptError),
        (replace(SCRIPT, needs=(Need(words="x", any_of=(), again="y"),)), InvalidScriptError),
        (replace(SCRIPT, manners=BARE), InvalidScriptError),
        (replace(SCRIPT, needs=(Need(words="x", any_of=("!",), again="y"),)), PhraseError),
        (replace(SCRIPT, replies=(Reply(any_of=("*",), says="y"),)), PhraseError),
        (replace(SCRIPT, limits=(Limit(words="x", any_of=("a",), unless=("",)),)), PhraseError),
        (replace(SCRIPT, manners=replace(MANNERS["en"], moments=("?",))), PhraseError),
    ],
)
def test_check__script_that_cannot_be_played__is_refused(wrong: Script, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_script(wrong)


def test_manners__own_then_language_then_english() -> None:
    own = replace(MANNERS["de"], waits=("Oui.",))
    check_script(replace(SCRIPT, manners=own))
    assert manners_of(replace(SCRIPT, manners=own)) is own
    assert manners_of(replace(SCRIPT, language="de-at")) is MANNERS["de"]
    assert manners_of(replace(SCRIPT, language="fr")) is MANNERS["en"]
