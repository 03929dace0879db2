"""Is what happens told: signed, once for each event however it is found, again when it failed, and never to a wrong address?"""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.desk.calls.wire import UnreachableError, post
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.desk.take import close
from oscar_engage.hooks import conversation_opened
from oscar_engage.jobs.models import FillState, Job, JobState
from oscar_engage.jobs.run import MOST_TRIES, run_due
from oscar_engage.rules.models import Rule
from oscar_engage.webhooks import deliver
from oscar_engage.webhooks.models import WebhookDelivery, WebhookSubscription
from oscar_engage.webhooks.plan import KIND, active_subscriptions
from oscar_engage.webhooks.secrets import rotate, secret_of
from oscar_engage.webhooks.signature import is_genuine
from oscar_engage.webhooks.sweep import KIND as SWEEP
from oscar_engage.webhooks.sweep import purge_log, sweep
from tests.desk.calls.test_webhook import Exchange
from tests.webhooks.conftest import NOW

pytestmark = pytest.mark.django_db


def told(listener: Exchange) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in listener.got]


def small(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def deliver_all(now: datetime = NOW + timedelta(minutes=1)) -> None:
    for job in Job.objects.filter(kind=KIND, state=JobState.DUE).order_by("pk"):
        run_one(job, now)


def run_one(job: Job, now: datetime) -> None:
    from oscar_engage.jobs.run import run_job  # noqa: PLC0415 - beside its use

    run_job(job.key, now=now)


def test_sweep__what_happened__is_told_once_signed_and_without_texts(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    Conversation.objects.update(name="Ann Shopper", email="ann@example.com")
    sweep({}, now=NOW + timedelta(seconds=30))
    sweep({}, now=NOW + timedelta(seconds=60))
    deliver_all(NOW + timedelta(seconds=60))
    deliver_all(NOW + timedelta(seconds=90))

    assert {one["type"] for one in told(listener)} == {"conversation.begun", "message.posted"}
    assert len(listener.got) == 2
    for headers, body in listener.got:
        assert is_genuine([secret_of(subscription)], small(headers), body, now=NOW + timedelta(seconds=60))
        for personal in (b"Ann", b"ann@example.com", b"When does it arrive", b"/checkout/"):
            assert personal not in body
    begun = next(one for one in told(listener) if one["type"] == "conversation.begun")
    assert begun["data"]["conversation"] == note.public_id
    assert begun["timestamp"].startswith("2026-03-01T12:00:00")


def test_texts__if_the_shop_says_so__go_along(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    WebhookSubscription.objects.update(has_texts=True)
    sweep({}, now=NOW + timedelta(seconds=30))
    deliver_all()
    assert {one["data"]["text"] for one in told(listener)} == {"When does it arrive?"}


def test_hook_and_sweep__the_same_event__is_told_once(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    conversation_opened.send_robust(sender=Conversation, conversation=note)
    assert Job.objects.filter(kind=KIND).update(run_at=NOW) == 1, "at once, before any sweep"
    deliver_all()
    sweep({}, now=NOW + timedelta(seconds=30))
    deliver_all()
    assert [one["type"] for one in told(listener)].count("conversation.begun") == 1


def test_closed__and_closed_again_later__are_two_events(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    close(note, now=NOW + timedelta(minutes=1))
    sweep({}, now=NOW + timedelta(minutes=2))
    Conversation.objects.update(status="open", closed_at=None)
    note.refresh_from_db()
    close(note, now=NOW + timedelta(minutes=4))
    sweep({}, now=NOW + timedelta(minutes=5))
    deliver_all(NOW + timedelta(minutes=5))
    assert [one["type"] for one in told(listener)].count("conversation.closed") == 2


def test_rule__published__is_told(subscription: WebhookSubscription, listener: Exchange, rule: Rule) -> None:
    sweep({}, now=NOW + timedelta(seconds=30))
    deliver_all()
    (one,) = told(listener)
    assert one["data"] == {"rule": rule.pk, "name": rule.name, "version": 1}


def test_sweep__worker_away_for_hours__finds_what_happened_meanwhile(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    FillState.objects.create(name=SWEEP, filled_at=NOW - timedelta(minutes=1))
    sweep({}, now=NOW + timedelta(hours=9))
    deliver_all(NOW + timedelta(hours=9))
    assert "conversation.begun" in {one["type"] for one in told(listener)}


def test_subscription__younger_than_the_event__is_not_told(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    WebhookSubscription.objects.update(created_at=NOW + timedelta(seconds=1))
    sweep({}, now=NOW + timedelta(seconds=30))
    assert not Job.objects.filter(kind=KIND).exists()


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refused__is_tried_again_and_then_dead_for_a_person_to_retry(
    status: int, subscription: WebhookSubscription, listener: Exchange, rule: Rule
) -> None:
    sweep({}, now=NOW + timedelta(seconds=30))
    listener.status, now = status, NOW + timedelta(minutes=1)
    for _try in range(MOST_TRIES):
        deliver_all(now)
        now += timedelta(hours=2)
    job = Job.objects.get(kind=KIND)
    assert job.state == JobState.DEAD
    assert f"status {status}" in job.last_error
    assert len(listener.got) == MOST_TRIES
    assert len({small(headers)["webhook-id"] for headers, _body in listener.got}) == 1, "one name for all tries"
    assert list(WebhookDelivery.objects.values_list("status", flat=True).distinct()) == [status]


def test_failing_address__rests__and_workers_do_not_wait_for_it(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    listener.status, now = 500, NOW
    sweep({}, now=NOW + timedelta(seconds=30))
    for number in range(deliver.PATIENCE):
        Job.objects.filter(kind=KIND).update(run_at=NOW)
        deliver_all(NOW + timedelta(seconds=number))
    asked = len(listener.got)
    Job.objects.filter(kind=KIND).update(run_at=NOW, state=JobState.DUE, attempts=0)
    deliver_all(NOW + timedelta(seconds=30))
    assert len(listener.got) == asked
    listener.status = 200
    Job.objects.filter(kind=KIND).update(run_at=NOW, state=JobState.DUE, attempts=0)
    deliver_all(now + timedelta(minutes=6))
    assert len(listener.got) > asked
    assert WebhookSubscription.objects.get().failures == 0


def test_secret__changed__both_open_for_a_day(subscription: WebhookSubscription, listener: Exchange) -> None:
    old = secret_of(subscription)
    new = rotate(subscription, now=NOW)
    assert old != new
    for hours, opens in ((23, True), (25, False)):
        now = NOW + timedelta(hours=hours)
        deliver.send_test(subscription, now=now)
        headers, body = listener.got[-1]
        assert is_genuine([new], small(headers), body, now=now)
        assert is_genuine([old], small(headers), body, now=now) is opens


@pytest.mark.attack("D02")
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "localhost", "0"]
)
@pytest.mark.parametrize("port", ["", ":22", ":6379"])
def test_address__written_in_whatever_way__is_never_connected_to(
    host: str, port: str, subscription: WebhookSubscription, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """By the real resolver, which needs no network for these."""
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "WEBHOOK_PRIVATE_HOSTS": []}
    monkeypatch.setattr(deliver, "post", post)

    def refuse(*_to: Any, **_how: Any) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.create_connection", refuse)
    subscription.url = f"https://{host}{port}/"
    assert deliver.send_test(subscription, now=NOW).trouble in {"address refused", "gaierror"}


@pytest.mark.attack("D02")
def test_answer__of_the_other_side__is_shown_nowhere(
    subscription: WebhookSubscription, listener: Exchange, client_of: Any
) -> None:
    listener.status = 302  # with a Location, which nobody follows and nobody reads
    page = client_of("supervisor").post(f"/dashboard/engage/webhooks/{subscription.pk}/test/", follow=True).content.decode()
    assert "status 302" in page
    assert "elsewhere.example" not in page
    assert len(listener.got) == 1


@pytest.mark.attack("D02")
@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.8", "224.0.0.1"]
)
def test_address__not_public__is_never_connected_to(
    address: str, subscription: WebhookSubscription, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "WEBHOOK_PRIVATE_HOSTS": []}
    monkeypatch.undo()  # the real way out again, with a resolver that lies
    monkeypatch.setattr("oscar_engage.desk.calls.wire.resolve", lambda *_to: [address])

    def refuse(*_to: Any, **_how: Any) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.create_connection", refuse)
    told_of = deliver.send_test(subscription, now=NOW)
    assert told_of.trouble in {"address refused", "gaierror"}


def test_module_off__its_events__are_not_told(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    from django.conf import settings as django_settings  # noqa: PLC0415 - as they are within the fixture

    off = {**django_settings.OSCAR_ENGAGE, "MODULES_OFF": ("desk", "chat", "calls", "shared_page")}
    with override_settings(OSCAR_ENGAGE=off):
        sweep({}, now=NOW + timedelta(seconds=30))
    assert not Job.objects.filter(kind=KIND).exists()


def test_erased_meanwhile__is_not_told(subscription: WebhookSubscription, listener: Exchange, note: Conversation) -> None:
    sweep({}, now=NOW + timedelta(seconds=30))
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    deliver_all()
    assert not listener.got
    assert set(Job.objects.filter(kind=KIND).values_list("state", flat=True)) == {JobState.DONE}


def test_nobody_subscribed__a_sweep__asks_once(db: None, django_assert_num_queries: Any) -> None:
    FillState.objects.create(name=SWEEP, filled_at=NOW)
    with django_assert_num_queries(3):  # the subscriptions, how far it came, and that it came
        sweep({}, now=NOW)
    assert active_subscriptions() == []


def test_log__old_lines__go(subscription: WebhookSubscription, listener: Exchange) -> None:
    deliver.send_test(subscription, now=NOW)
    deliver.send_test(subscription, now=NOW + timedelta(days=20))
    purge_log({}, now=NOW + timedelta(days=31))
    assert WebhookDelivery.objects.get().at == NOW + timedelta(days=20)


def test_kill__between_the_commit_and_the_hook__the_sweep_tells(
    subscription: WebhookSubscription, listener: Exchange, note: Conversation
) -> None:
    """No hook was sent for the note, as if the process had died: the fixture writes it without one."""
    assert not Job.objects.filter(kind=KIND).exists()
    run_due(now=NOW + timedelta(minutes=1))
    run_due(now=NOW + timedelta(minutes=2))
    assert "conversation.begun" in {one["type"] for one in told(listener)}


def test_unreachable__status__is_kept() -> None:
    assert UnreachableError("status 418", status=418).status == 418
    assert UnreachableError("no address").status is None
