"""Does each step of a model stand in the log, and is there always one at most that speaks?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from oscar_engage.audit.models import AuditEntry
from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion
from oscar_engage.learning.registry.sign import is_ours, sign
from oscar_engage.learning.registry.store import BadStepError, keep, promote, refuse, roll_back, shadow, silence
from oscar_engage.learning.registry.why import Why, name_why
from oscar_engage.learning.scoring.document import BadDocumentError, read_document
from tests.learning.registry.fitted import make_fitted

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def kept(task: str = "propensity", *, seed: int = 1) -> ModelVersion:
    return keep(make_fitted(task, seed=seed), samples=900, events=60, now=NOW)


def state_of(version: ModelVersion) -> str:
    return ModelVersion.objects.get(pk=version.pk).state


def test_keep__a_document__is_a_signed_candidate_with_its_window() -> None:
    version = ModelVersion.objects.get(pk=kept().pk)
    assert (version.task, version.rung, version.schema, version.state) == ("propensity", "logistic", SCHEMA, "candidate")
    assert (version.samples, version.events, version.metrics) == (900, 60, {"auc": 0.71})
    assert version.window_starts_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert is_ours(version.document, sha256=version.sha256, signature=version.signature)
    assert read_document(version.document).features == NAMES
    assert "propensity" in str(version)
    assert "kept" in str(ModelChange.objects.get())


def test_keep__document_that_could_not_be_read_again__is_refused_and_nothing_is_written() -> None:
    with pytest.raises(BadDocumentError):
        keep(msgspec.structs.replace(make_fitted(), features=()), samples=1, events=1, now=NOW)
    assert not ModelVersion.objects.exists()


def test_promote__another_spoke__retires_it_and_says_so() -> None:
    first, second = kept(), kept(seed=2)
    promote(shadow(first, now=NOW, why=Why.BETTER), now=NOW, why=Why.SHADOW_PASSED, numbers={"p": 0.97})
    later = NOW + timedelta(days=1)
    promote(second, now=later, why=Why.BETTER)
    first.refresh_from_db()
    assert (first.state, first.retired_at, state_of(second)) == ("retired", later, "live")
    steps = ModelChange.objects.order_by("pk").values_list("version_id", "before", "after", "why")
    assert list(steps) == [
        (first.pk, "", "candidate", "kept"),
        (second.pk, "", "candidate", "kept"),
        (first.pk, "candidate", "shadow", "better"),
        (first.pk, "shadow", "live", "shadow_passed"),
        (first.pk, "live", "retired", "replaced"),
        (second.pk, "candidate", "live", "better"),
    ]
    assert ModelChange.objects.get(after="live", version=first).numbers == {"p": 0.97}


def test_shadow__another_is_in_it__steps_back() -> None:
    first, second = kept(), kept(seed=2)
    shadow(first, now=NOW, why=Why.BETTER)
    shadow(second, now=NOW, why=Why.BETTER)
    assert (state_of(first), state_of(second)) == ("retired", "shadow")


def test_steps__of_one_task__leave_other_tasks_alone() -> None:
    other = promote(kept("uplift"), now=NOW, why=Why.BETTER)
    promote(kept(), now=NOW, why=Why.BETTER)
    silence("propensity", now=NOW, why=Why.DRIFT)
    assert state_of(other) == "live"


def test_refuse__a_candidate__never_speaks_again() -> None:
    version = refuse(kept(), now=NOW, why=Why.NOT_BETTER)
    for step in (promote, shadow, refuse):
        with pytest.raises(BadStepError, match="refused"):
            step(version, now=NOW, why=Why.BY_HAND)
    assert state_of(version) == "refused"


def test_step__of_a_version_that_is_gone__is_refused() -> None:
    version = kept()
    ModelVersion.objects.all().delete()
    with pytest.raises(BadStepError, match="gone"):
        promote(version, now=NOW, why=Why.BY_HAND)


def test_promote__text_that_was_changed_since__is_refused_and_the_one_before_goes_on() -> None:
    speaks = promote(kept(), now=NOW, why=Why.BETTER)
    forged = kept(seed=2)
    ModelVersion.objects.filter(pk=forged.pk).update(document=forged.document.replace("logistic", "boosted"))
    with pytest.raises(BadStepError):
        promote(forged, now=NOW, why=Why.BY_HAND)
    assert state_of(speaks) == "live"


def test_roll_back__two_spoke_before__goes_back_one_by_one_and_then_to_the_rules() -> None:
    first, second = kept(), kept(seed=2)
    for number, version in enumerate((first, second)):
        promote(version, now=NOW + timedelta(days=number), why=Why.BETTER)
    back = roll_back("propensity", now=NOW + timedelta(days=3), why=Why.DRIFT)
    assert back == first
    assert (state_of(first), state_of(second)) == ("live", "retired")
    first.refresh_from_db()
    assert first.live_at == NOW + timedelta(days=3)
    assert roll_back("propensity", now=NOW + timedelta(days=4), why=Why.DRIFT) is None
    assert (state_of(first), state_of(second)) == ("retired", "retired")
    assert roll_back("propensity", now=NOW + timedelta(days=5), why=Why.DRIFT) is None


def test_roll_back__the_one_before_is_damaged_or_of_other_features__leaves_the_rules_alone() -> None:
    damaged, strange, speaks = kept(), kept(seed=2), kept(seed=3)
    for number, version in enumerate((damaged, strange, speaks)):
        promote(version, now=NOW + timedelta(days=number), why=Why.BETTER)
    ModelVersion.objects.filter(pk=damaged.pk).update(signature="0" * 64)
    ModelVersion.objects.filter(pk=strange.pk).update(schema="other")
    assert roll_back("propensity", now=NOW + timedelta(days=9), why=Why.BROKEN_TRACKING) is None
    assert not ModelVersion.objects.filter(state=ModelState.LIVE).exists()


def test_step__by_a_member_of_staff__is_in_the_trail() -> None:
    user = get_user_model().objects.create_user("owner")
    promote(kept(), now=NOW, why=Why.BY_HAND, user=user)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_kind, entry.actor_id) == ("model.live", "model", user.pk)
    assert ModelChange.objects.get(after="live").user == user


def test_one_speaks__two_at_once__is_refused_by_the_database() -> None:
    promote(kept(), now=NOW, why=Why.BETTER)
    other = kept(seed=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=other.pk).update(state=ModelState.LIVE)


def test_is_ours__key_was_changed__counts_while_the_old_one_is_a_fallback(settings: Any) -> None:
    version = kept()
    given = {"sha256": version.sha256, "signature": version.signature}
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert is_ours(version.document, **given)
    assert sign(version.document) != version.signature
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_ours(version.document, **given)


def test_name_why__any_code__has_words() -> None:
    assert all(name_why(code) for code in Why.values)
    assert name_why("something else") == "something else"
