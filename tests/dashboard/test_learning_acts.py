"""What a merchandiser does about learning: is it done, noted, and refused where it makes no sense?"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.learning.nightly import by_hand, launch
from oscar_engage.learning.nightly.lease import take_lease
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion, Task
from oscar_engage.learning.registry.store import refuse, shadow, silence
from tests.dashboard.learnt import make_run, make_speak, make_version

pytestmark = pytest.mark.django_db
begun: list[tuple[str, ...]] = []


def begin(*arguments: str) -> None:
    begun.append(arguments)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def post(client: Client, name: str, *args: object) -> str:
    return client.post(reverse(f"engage_dashboard:{name}", args=args), follow=True).content.decode()


def state(version: ModelVersion) -> str:
    return ModelVersion.objects.get(pk=version.pk).state


def page(client: Client) -> str:
    return client.get(reverse("engage_dashboard:engage-learning")).content.decode()


class TestSpeak:
    def test_challenger__speaks_and_is_noted(self, client: Client) -> None:
        live, version = make_speak(), make_version(days=1)
        shadow(version, now=timezone.now(), why="better")
        address = reverse("engage_dashboard:engage-model-speak", args=[version.pk])
        assert address in page(client)
        assert "the model speaks within five seconds" in post(client, "engage-model-speak", version.pk)
        assert (state(version), state(live)) == (ModelState.LIVE, ModelState.RETIRED)
        change = ModelChange.objects.filter(version=version).latest("pk")
        assert (change.why, change.user.username) == ("by_hand", "merchandiser")
        assert AuditEntry.objects.filter(action="model.live", object_id=str(version.pk)).count() == 1

    def test_refused__is_not_offered_and_cannot(self, client: Client) -> None:
        version = make_version()
        refuse(version, now=timezone.now(), why="not_better")
        assert reverse("engage_dashboard:engage-model-speak", args=[version.pk]) not in page(client)
        assert "cannot speak any more" in post(client, "engage-model-speak", version.pk)
        assert state(version) == ModelState.REFUSED

    def test_damaged__cannot(self, client: Client) -> None:
        version = make_version()
        ModelVersion.objects.filter(pk=version.pk).update(document="{}")
        assert "cannot speak any more" in post(client, "engage-model-speak", version.pk)

    def test_of_other_features__is_not_found(self, client: Client) -> None:
        version = make_version()
        ModelVersion.objects.filter(pk=version.pk).update(schema="0" * 16)
        assert client.post(reverse("engage_dashboard:engage-model-speak", args=[version.pk])).status_code == 404

    def test_nobody_speaks__the_one_that_did_is_offered(self, client: Client) -> None:
        version = make_speak()
        silence(Task.PROPENSITY, now=timezone.now(), why="by_hand")
        assert "spoke before" in page(client)
        post(client, "engage-model-speak", version.pk)
        assert state(version) == ModelState.LIVE


class TestBack:
    def test_one_before__speaks_again(self, client: Client) -> None:
        first, second = make_speak(days=9), make_speak()
        assert "Go back to the one before" in page(client)
        assert "the model before it speaks" in post(client, "engage-model-back", Task.PROPENSITY)
        assert (state(first), state(second)) == (ModelState.LIVE, ModelState.RETIRED)

    def test_none_before__is_not_offered_and_leaves_it_to_rules(self, client: Client) -> None:
        version = make_speak()
        assert "Go back to the one before" not in page(client)
        assert "there is none before it" in post(client, "engage-model-back", Task.PROPENSITY)
        assert state(version) == ModelState.RETIRED


class TestSilence:
    def test_speaks__rules_alone_and_noted(self, client: Client) -> None:
        version = make_speak(Task.UPLIFT)
        assert "rules alone decide within five seconds" in post(client, "engage-model-silence", Task.UPLIFT)
        assert state(version) == ModelState.RETIRED
        assert AuditEntry.objects.filter(action="model.retired").count() == 1

    def test_nobody_spoke__says_so(self, client: Client) -> None:
        assert "no model spoke" in post(client, "engage-model-silence", Task.EXIT)

    @pytest.mark.parametrize("name", ["engage-model-silence", "engage-model-back"])
    def test_task_nobody_knows__is_not_found(self, client: Client, name: str) -> None:
        assert client.post(reverse(f"engage_dashboard:{name}", args=["moon"])).status_code == 404


def test_acts__by_who_may_only_look__change_nothing(client_of: Callable[[str], Client]) -> None:
    version, client = make_speak(), client_of("merchandiser")
    user = client.get("/dashboard/").wsgi_request.user
    user.groups.get().permissions.remove(*user.groups.get().permissions.filter(codename="change_modelversion"))
    assert "Rules alone</summary>" not in page(client)
    assert "Learn now" not in page(client)
    assert client.post(reverse("engage_dashboard:engage-model-silence", args=["propensity"])).status_code == 403
    assert state(version) == ModelState.LIVE


class TestLearnNow:
    def test_asked_twice__is_queued_once_and_noted(self, client: Client) -> None:
        assert "It will learn within a minute" in post(client, "engage-learn-now")
        said = post(client, "engage-learn-now")
        assert "It learns already, or is about to." in said
        assert "It waits for the worker." in said
        assert Job.objects.filter(kind=by_hand.KIND).count() == 1
        assert AuditEntry.objects.filter(action="learning.asked").count() == 1

    def test_somebody_learns__is_not_queued(self, client: Client) -> None:
        take_lease(now=timezone.now(), seconds=600)
        assert "It learns already" in post(client, "engage-learn-now")
        assert not Job.objects.filter(kind=by_hand.KIND).exists()

    @override_settings(OSCAR_ENGAGE={"MODULES_OFF": ["learning"]})
    def test_switched_off__is_not_there(self, client: Client) -> None:
        assert client.post(reverse("engage_dashboard:engage-learn-now")).status_code == 404
        assert not Job.objects.filter(kind=by_hand.KIND).exists()

    def test_job_done_a_moment_ago__begins(self, client: Client) -> None:
        post(client, "engage-learn-now")
        Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
        assert "It begins." in page(client)
        run = make_run(days=0)
        assert "Learn now" in page(client)
        run.delete()
        Job.objects.update(finished_at=timezone.now() - timedelta(minutes=2))
        assert "Learn now" in page(client)


class TestJob:
    @pytest.fixture(autouse=True)
    def port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begun.clear()
        monkeypatch.setattr(launch, "PORT", "tests.dashboard.test_learning_acts.begin")

    def work(self) -> list[tuple[str, ...]]:
        now = timezone.now()
        by_hand.follow(by_hand.look({}, now=now), now=now)
        return begun

    def test_all_tasks__but_what_is_on_trial(self) -> None:
        shadow(make_version(Task.EXIT), now=timezone.now(), why="better")
        assert self.work() == [("--task", "propensity", "--task", "uplift")]

    def test_somebody_learns__nothing_begins(self) -> None:
        take_lease(now=timezone.now(), seconds=600)
        assert self.work() == []

    @override_settings(OSCAR_ENGAGE={"MODULES_OFF": ["learning"]})
    def test_switched_off__nothing_begins(self) -> None:
        assert self.work() == []
