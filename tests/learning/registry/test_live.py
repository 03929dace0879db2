"""Which models speak in a process, and what becomes of one that was damaged on its way?"""

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.registry import live
from oscar_engage.learning.registry.live import BACKGROUND, drop_live_models, live_models, read_models
from oscar_engage.learning.registry.models import ModelState, ModelVersion
from oscar_engage.learning.registry.sign import digest_of, sign
from oscar_engage.learning.registry.store import keep, promote, shadow, silence
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.score import score
from oscar_engage.signals.counters import snapshot
from tests.learning.registry.fitted import make_fitted

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
VECTOR = (1.0,) * len(NAMES)
DAMAGES = 400


@pytest.fixture(autouse=True)
def _models_at_once() -> Iterator[None]:
    before, BACKGROUND.is_inline = BACKGROUND.is_inline, True
    drop_live_models()
    yield
    BACKGROUND.is_inline = before
    drop_live_models()


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def speaking(task: str = "propensity", *, seed: int = 1) -> ModelVersion:
    return promote(keep(make_fitted(task, seed=seed), samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER)


@pytest.mark.django_db
def test_live_models__one_speaks__scores_as_its_document_says(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = speaking()
    with django_assert_num_queries(2):
        speaker = live_models(NOW)["propensity"]
    assert speaker.version_id == version.pk
    assert speaker.score(VECTOR) == score(make_fitted(), VECTOR)
    with django_assert_num_queries(0):
        live_models(after(1))
    with django_assert_num_queries(1):
        live_models(after(3))


@pytest.mark.django_db
def test_live_models__nobody_speaks__is_empty(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert live_models(NOW) == {}


@pytest.mark.django_db
def test_live_models__changed_by_another_process__is_heeded_within_five_seconds() -> None:
    first = speaking()
    assert live_models(NOW)["propensity"].version_id == first.pk
    second = speaking(seed=2)
    assert live_models(after(1))["propensity"].version_id == first.pk
    assert live_models(after(5))["propensity"].version_id == second.pk
    silence("propensity", now=NOW, why=Why.BY_HAND)
    assert live_models(after(10)) == {}


@pytest.mark.django_db
def test_live_models__beats_paused__are_compared_by_the_next_one(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    speaking()
    live_models(NOW)
    monkeypatch.setattr(BACKGROUND, "ask", lambda now: None)
    with django_assert_num_queries(1):
        assert "propensity" in live_models(after(60))
    silence("propensity", now=NOW, why=Why.BY_HAND)
    assert "propensity" in live_models(after(62))
    assert live_models(after(64)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("gap", [0.5, 1.0, 2.9, 3.0, 4.0, 4.9, 9.0])
def test_live_models__silenced_elsewhere__no_beat_later_than_five_seconds_acts_by_it(
    monkeypatch: pytest.MonkeyPatch, gap: float
) -> None:
    speaking()
    live_models(NOW)
    monkeypatch.setattr(BACKGROUND, "ask", lambda now: None)  # the thread is late, and does nothing at all
    silence("propensity", now=NOW, why=Why.BY_HAND)
    late = [at for number in range(1, 30) if (at := gap * number) > 5.0]
    assert [at for at in late if live_models(after(at))] == []


def damage(text: str, way: int) -> str:
    """One of four hundred ways in which a file may suffer."""
    chance = random.Random(way)
    place = chance.randrange(len(text))
    match way % 5:
        case 0:
            return text[:place]
        case 1:
            return text[:place] + chr(ord(text[place]) ^ (1 << chance.randrange(5))) + text[place + 1 :]
        case 2:
            return text[:place] + text[place + chance.randrange(1, 40) :]
        case 3:
            return text[:place] + chance.choice(["1e999", "NaN", "null", "-", '"', "}", "0"]) + text[place:]
        case _:
            return text[place:] + text[:place]


@pytest.mark.attack("E02")
@pytest.mark.django_db
def test_live_models__damaged_in_four_hundred_ways__the_one_before_goes_on() -> None:
    before = speaking()
    expected = live_models(NOW)["propensity"].score(VECTOR)
    following = speaking(seed=2)
    unchanged = 0
    for way in range(DAMAGES):
        text = damage(following.document, way)
        unchanged += text == following.document
        if way % 2 == 0:  # whoever could write the row could write its digest, but has no key
            ModelVersion.objects.filter(pk=following.pk).update(document=text, sha256=digest_of(text))
        else:
            ModelVersion.objects.filter(pk=following.pk).update(document=text, sha256=f"{way:064}")
        found = live_models(after(5 * (way + 1)))
        assert found["propensity"].version_id == before.pk, way
        assert found["propensity"].score(VECTOR) == expected
    assert unchanged == 0
    assert snapshot()["skipped:model"] >= DAMAGES


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"schema": "other"}, {"task": "exit"}])
def test_live_models__signed_and_of_other_features_or_for_another_task__do_not_speak(change: dict[str, str]) -> None:
    version = speaking()
    ModelVersion.objects.filter(pk=version.pk).update(**change)
    assert live_models(NOW) == {}


@pytest.mark.django_db
def test_live_models__signed_by_us_and_no_document__does_not_speak() -> None:
    version = speaking()
    ModelVersion.objects.filter(pk=version.pk).update(document="{}", sha256=digest_of("{}"), signature=sign("{}"))
    assert live_models(NOW) == {}


@pytest.mark.attack("E01")
@pytest.mark.django_db
def test_live_models__a_pickle_that_makes_a_folder__is_never_run(tmp_path: Path) -> None:
    version, marker = speaking(), tmp_path / "was-run"
    pickle = f"cos\nmkdir\n(S{str(marker)!r}\ntR."
    ModelVersion.objects.filter(pk=version.pk).update(document=pickle, sha256=digest_of(pickle), signature=sign(pickle))
    assert live_models(NOW) == {}
    assert not marker.exists()


@pytest.mark.django_db
def test_live_models__damaged_and_fitted_to_other_features_since__does_not_go_on() -> None:
    version = speaking()
    assert live_models(NOW)
    ModelVersion.objects.filter(pk=version.pk).update(schema="other", sha256="0" * 64)
    assert live_models(after(5)) == {}


@pytest.mark.django_db
def test_read_models__one_in_the_shadow__is_read_for_the_worker() -> None:
    version = shadow(keep(make_fitted(), samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER)
    assert {task: speaker.version_id for task, speaker in read_models(ModelState.SHADOW).items()} == {"propensity": version.pk}
    assert live_models(NOW) == {}
    assert read_models(ModelState.LIVE) == {}


def test_web_process__with_everything_that_scores__has_neither_numpy_nor_scikit_learn() -> None:
    program = (
        "import django, sys; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"import {live.__name__}, oscar_engage.storefront.urls, oscar_engage.learning.scoring.contributions\n"
        "print(sorted(name for name in ('numpy', 'scipy', 'sklearn', 'pandas') if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
