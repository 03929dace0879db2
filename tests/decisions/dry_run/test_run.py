"""Is a dry run done whole, in chunks, once, whatever happens meanwhile, and does nothing else come of it?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.decisions.dry_run import people, run
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.people import read_chunk
from oscar_engage.decisions.dry_run.replay import PRESENCE, RIVAL, SURFACE
from oscar_engage.decisions.dry_run.run import KEPT, KIND, begin_dry_run, cancel_dry_run, do_chunk, purge_runs
from oscar_engage.decisions.dry_run.tally import Tally, from_json
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.run import run_due, run_job
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.past.wanted import Wanted
from oscar_engage.visitors.models import Visit, Visitor
from tests.decisions.recorded import Said, hesitation, keep_visit
from tests.rules.moments import ENGAGEMENTS, NOW, condition, do, group, rule_json

pytestmark = pytest.mark.django_db
IN_CHECKOUT = condition("page.kind", "=", "checkout")
IDLE = condition("page.idle_seconds", ">", 44)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Any:
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        yield


def draft(*when: Any, is_live: bool = False, engagement: str = "delivery-times", raw: Any = None, **fields: Any) -> RuleVersion:
    rule = Rule.objects.create(**{"name": "Help", "holdout_share": 0.0, **fields})
    document = raw or rule_json(*when, engagement=engagement)
    version = save_draft(rule, document, user=None, now=NOW, engagements=ENGAGEMENTS)
    if is_live:
        publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    return version


def try_out(version: RuleVersion, days: int = 7) -> DryRun:
    begun = begin_dry_run(version, days=days, engagements=ENGAGEMENTS, user=None, now=NOW)
    run_due(now=NOW)
    begun.refresh_from_db()
    assert begun.finished_at == NOW
    return begun


def tally_of(version: RuleVersion) -> Tally:
    return from_json(try_out(version).tally)


@pytest.fixture
def visits(db: None) -> list[Visit]:
    return [keep_visit(YESTERDAY + timedelta(minutes=number), *hesitation(10.0 + 20 * number)) for number in range(5)]


def test_run__finished__has_counted_each_visit_once_and_written_nothing_else(
    visits: list[Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "CHUNK", 2)
    begun = try_out(draft(IN_CHECKOUT, IDLE))
    tally = from_json(begun.tally)
    assert (begun.visits_total, begun.visits_done, begun.part) == (5, 5, 3)
    assert (tally.visits, tally.in_scope, tally.matched, tally.offered) == (5, 5, 3, 3)
    assert (tally.reached, tally.held, tally.alone) == ({"0.0": 5, "0.1": 3}, {"0.0": 5, "0.1": 3}, {"0.1": 2})
    assert not Decision.objects.exists()
    assert not Assignment.objects.exists()


def test_run__staff_automata_and_running_visits__are_left_out(visits: list[Visit]) -> None:
    Visitor.objects.filter(pk=visits[0].visitor_id).update(is_staff=True)
    Visitor.objects.filter(pk=visits[1].visitor_id).update(is_automaton=True)
    Visit.objects.filter(pk=visits[2].pk).update(last_at=NOW)
    assert try_out(draft(IN_CHECKOUT, IDLE)).visits_total == 2


def test_run__visit_that_is_not_wholly_recorded__is_counted_as_such(visits: list[Visit]) -> None:
    Visit.objects.filter(pk=visits[0].pk).update(state={**visits[0].state, "signals": 99})
    tally = tally_of(draft(IN_CHECKOUT, IDLE))
    assert (tally.visits, tally.partial) == (4, 1)


def test_run__worker_killed_in_a_chunk__counts_nothing_twice(visits: list[Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin_dry_run(draft(IN_CHECKOUT, IDLE), days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(run, "replay", lambda *args: 1 / 0)
        assert run_job(f"{KIND}:{begun.pk}:0", now=NOW).failed == 1
    run_due(now=NOW + timedelta(minutes=5))
    begun.refresh_from_db()
    assert (begun.visits_done, from_json(begun.tally).visits) == (5, 5)


def test_run__cancelled__keeps_what_was_counted_and_goes_no_further(
    visits: list[Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "CHUNK", 2)
    begun = begin_dry_run(draft(IN_CHECKOUT, IDLE), days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    run_job(f"{KIND}:{begun.pk}:0", now=NOW)
    cancel_dry_run(begun, now=NOW)
    run_due(now=NOW)
    begun.refresh_from_db()
    assert (begun.visits_done, begun.is_going_on) == (2, False)
    cancel_dry_run(begun, now=NOW + timedelta(days=1))
    assert begun.cancelled_at == NOW
    do_chunk({}, now=NOW)


def test_run__another_of_the_rule__ends_the_one_before() -> None:
    version = draft(IN_CHECKOUT, IDLE)
    first = begin_dry_run(version, days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    second = begin_dry_run(version, days=30, engagements=ENGAGEMENTS, user=None, now=NOW)
    first.refresh_from_db()
    assert (first.is_going_on, second.is_going_on) == (False, True)


def test_run__rules_change_meanwhile__begins_anew(visits: list[Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "CHUNK", 2)
    begun = begin_dry_run(draft(IN_CHECKOUT, IDLE, priority=20), days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    run_job(f"{KIND}:{begun.pk}:0", now=NOW)
    draft(IN_CHECKOUT, IDLE, is_live=True, priority=10, name="Winner")
    run_due(now=NOW)
    begun.refresh_from_db()
    tally = from_json(begun.tally)
    assert (begun.visits_done, tally.visits, tally.offered, tally.moments["lost"]) == (5, 5, 0, 3)


def test_run__version_that_cannot_be_read__is_cancelled() -> None:
    version = draft(IN_CHECKOUT, IDLE)
    RuleVersion.objects.filter(pk=version.pk).update(document={})
    begun = begin_dry_run(version, days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    run_due(now=NOW)
    begun.refresh_from_db()
    assert begun.cancelled_at == NOW


@pytest.mark.parametrize("days", [0, 31])
def test_begin__days_out_of_range__is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 30"):
        begin_dry_run(draft(IN_CHECKOUT), days=days, engagements=ENGAGEMENTS, user=None, now=NOW)


def test_purge__old_results__go() -> None:
    begin_dry_run(draft(IN_CHECKOUT), days=7, engagements=ENGAGEMENTS, user=None, now=NOW)
    purge_runs({}, now=NOW + KEPT)
    assert DryRun.objects.exists()
    purge_runs({}, now=NOW + KEPT + timedelta(seconds=1))
    assert not DryRun.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_read_chunk__any_number_of_people__takes_the_same_queries(
    count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        keep_visit(YESTERDAY + timedelta(minutes=number), *hesitation())
    with django_assert_num_queries(6):  # units, visits, log, devices, decisions, arms
        chunk = read_chunk(since=NOW - timedelta(days=7), until=NOW, position=0, wanted=Wanted(), now=NOW)
    assert (len(chunk.people), chunk.visits, chunk.position) == (count, count, None)
    wanted = Wanted(frozenset({"page.viewed", "page.left"}), timedelta(days=7))
    with django_assert_num_queries(7):  # and the log of all their visits
        chunk = read_chunk(since=NOW - timedelta(days=7), until=NOW, position=0, wanted=wanted, now=NOW)
    assert [len(one.log.rows) for one in chunk.people if one.log] == [2] * count


def test_run__two_devices_of_one_person__share_their_caps() -> None:
    old = keep_visit(YESTERDAY, *hesitation())
    phone = Visitor.objects.create(consent=3, created_at=NOW, last_seen_at=NOW, unit_of=old.visitor_id)
    keep_visit(YESTERDAY + timedelta(seconds=10), *hesitation(), visitor=phone)
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "OFFERS_PER_WEEK": 1}):
        tally = tally_of(draft(IN_CHECKOUT, IDLE))
    assert (tally.visits, tally.moments) == (2, {"offered": 1, "capped_week": 1})


def outcome(*said: Said, version: RuleVersion) -> Tally:
    keep_visit(YESTERDAY, *said)
    return tally_of(version)


def test_replay__invitation_to_a_chat__depends_on_agents_that_nobody_counted() -> None:
    tally = outcome(*hesitation(), version=draft(IN_CHECKOUT, IDLE, engagement="checkout-help"))
    assert (tally.moments, tally.offered) == ({"agent_unknown": 1}, 1)


def test_replay__variable_that_is_not_recorded__cannot_be_said() -> None:
    tally = outcome(*hesitation(), version=draft(IN_CHECKOUT, condition("desk.free_agents", ">", 0)))
    assert (tally.matched, tally.unsure, tally.unsaid, tally.moments) == (0, 1, {"desk.free_agents": 1}, {})


def test_replay__form_stood_open__cannot_be_said() -> None:
    page, *rest = hesitation()
    tally = outcome(page, (30, "help.contact_opened", {"form": "note"}), *rest, version=draft(IN_CHECKOUT, IDLE))
    assert (tally.moments, tally.unsaid) == ({"unsure": 1}, {SURFACE: 1})


def test_replay__higher_rule_is_open__cannot_be_said() -> None:
    draft(IN_CHECKOUT, condition("desk.free_agents", ">", 0), is_live=True, priority=1)
    tally = outcome(*hesitation(), version=draft(IN_CHECKOUT, IDLE))
    assert (tally.moments, tally.unsaid) == ({"unsure": 1}, {RIVAL: 1})


def test_replay__page_never_left__later_wakes_cannot_be_said() -> None:
    *said, _left = hesitation(20)
    tally = outcome(*said, version=draft(IN_CHECKOUT, IDLE))
    assert (tally.matched, tally.unsure, tally.unsaid) == (0, 1, {PRESENCE: 1})


def test_replay__page_never_left__wakes_of_other_rules_say_nothing_of_the_draft() -> None:
    draft(IN_CHECKOUT, IDLE, is_live=True, name="Other")
    *said, _left = hesitation(20)
    tally = outcome(*said, version=draft(condition("page.kind", "=", "home")))
    assert (tally.unsure, tally.unsaid) == (0, {})


def test_replay__engagement_switched_off__waits() -> None:
    keep_visit(YESTERDAY, *hesitation())
    begun = begin_dry_run(draft(IN_CHECKOUT, IDLE), days=7, engagements={}, user=None, now=NOW)
    run_due(now=NOW)
    begun.refresh_from_db()
    assert from_json(begun.tally).moments == {"no_engagement": 1}


def test_replay__offer_of_the_draft__stays_in_view_until_the_page_is_left() -> None:
    page = {"page": "checkout"}
    version = draft(raw={
        "schema": 1,
        "branches": [
            {"when": group(IN_CHECKOUT, condition("visit.exit_intents", ">", 0)), "then": do("ask-us")},
            {"when": group(IN_CHECKOUT), "then": do("delivery-times")},
        ],
    })  # fmt: skip
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "OFFERS_PER_VISIT": 5, "QUIET_SECONDS": 0}):
        tally = outcome((0, "page.viewed", page), (5, "page.exit_intent", {}), (9, "page.left", page), version=version)
    assert tally.moments == {"offered": 1, "busy_surface": 1}


def test_replay__out_of_scope__is_no_further_asked() -> None:
    raw = rule_json(IDLE, scope=group(condition("page.kind", "=", "home")))
    tally = outcome(*hesitation(), version=draft(raw=raw))
    assert (tally.visits, tally.in_scope, tally.reached) == (1, 0, {})


def test_replay__below_statistics_by_now__is_not_tried() -> None:
    visit = keep_visit(YESTERDAY, *hesitation())
    Visitor.objects.filter(pk=visit.visitor_id).update(consent=1)
    assert tally_of(draft(IN_CHECKOUT, IDLE)).partial == 1


def test_run__nothing_recorded__is_finished_at_once() -> None:
    begun = try_out(draft(IN_CHECKOUT))
    assert (begun.visits_total, from_json(begun.tally).visits) == (0, 0)
    assert not Job.objects.filter(kind=KIND, state=JobState.DUE).exists()


def test_replay__answer_to_an_offer_of_nobodys__changes_nothing() -> None:
    page, *rest = hesitation()
    said = [(0.5, "widget.dismissed", {"decision": "none"}), (1.0, "widget.accepted", {"decision": str(uuid.uuid4())})]
    assert outcome(page, *said, *rest, version=draft(IN_CHECKOUT, IDLE)).moments == {"offered": 1}


def test_replay__browser_that_never_told_its_page__has_none() -> None:
    tally = outcome((0, "page.exit_intent", {}), version=draft(condition("visit.seconds", ">", 20)))
    assert (tally.visits, tally.matched, tally.moments) == (1, 0, {})


def test_dry_run__named__says_how_far_it_looks_back() -> None:
    assert "of 7 days" in str(try_out(draft(IN_CHECKOUT)))
