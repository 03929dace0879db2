"""Does the page on learning say what speaks, what is waited for and how good it is, at a constant price?"""

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.dashboard.learning.heeded import read_heeded
from oscar_engage.dashboard.learning.kinds import BOTTOM, TOP, Look, draw_kinds
from oscar_engage.decisions.models import Decision
from oscar_engage.learning.leads.counted import LEADS
from oscar_engage.learning.leads.lead import Lead
from oscar_engage.learning.nightly.lease import take_lease
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.registry.store import shadow, silence
from oscar_engage.rules.models import Rule
from tests.dashboard.learnt import make_run, make_speak, make_vector, make_version

pytestmark = pytest.mark.django_db
NumQueries = Callable[[int], Any]


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def open_page(client: Client, language: str = "en", name: str = "engage-learning", **query: str) -> str:
    address = reverse(f"engage_dashboard:{name}")
    return client.get(address, query, headers={"Accept-Language": language}).content.decode()


def lead(page: str) -> str:
    return page.partition('<p class="engage-answer">')[2].partition("</p>")[0]


def part(page: str, task: str) -> str:
    return page.partition(f'aria-labelledby="engage-task-{task}"')[2].partition("</section>")[0]


def climb_everything() -> None:
    for task in Task:
        version = make_speak(task)
        make_run(task, version=version)


def make_decision(rule: Rule, reason: str, *, visitor: int, hours: float = 1) -> None:
    Decision.objects.create(
        visitor_id=uuid.UUID(int=visitor),
        version_id=rule.published_id,
        branch=0,
        action="show.balloon",
        arm="none",
        reason=reason,
        eligible_at=timezone.now() - timedelta(hours=hours),
    )


class TestLead:
    def test_nothing_learnt__says_so_and_what_to_do(self, client: Client) -> None:
        page = open_page(client)
        assert lead(page) == "Rules alone decide; nothing has been learnt yet."
        assert "engage_simulate" in page
        assert "<svg" not in page

    @pytest.mark.parametrize(("orders", "said"), [(37, "37 more orders are needed"), (1, "1 more order is needed")])
    def test_orders_missing__says_how_many(self, client: Client, orders: int, said: str) -> None:
        make_run(result="waiting", why="too_few", needs={"orders": orders, "rung": "logistic"}, curves={}, numbers={})
        page = open_page(client)
        assert said in lead(page)
        assert "until the shop can tell who buys anyway" in lead(page)

    def test_first_model_on_trial__says_until_when(self, client: Client) -> None:
        shadow(make_version(), now=timezone.now(), why="better")
        assert "a first model is on trial until" in lead(open_page(client))

    def test_tried_in_vain__says_so(self, client: Client) -> None:
        make_run(result="kept", why="not_better")
        assert "no model has foretold better than chance" in lead(open_page(client))

    def test_who_buys__speaks_and_help_waits(self, client: Client) -> None:
        make_speak(Task.PROPENSITY)
        make_run(Task.UPLIFT, result="waiting", needs={"treated": 12, "control": 40, "rung": "s_learner"}, curves={})
        said = lead(open_page(client))
        assert "A model says who buys anyway" in said
        assert "needs 40 more orders in the hold-out and needs 12 more orders of those invited" in said

    def test_who_buys__speaks_and_help_is_on_trial(self, client: Client) -> None:
        make_speak(Task.PROPENSITY)
        shadow(make_version(Task.UPLIFT), now=timezone.now(), why="better")
        assert "is on trial" in lead(open_page(client))

    def test_only_who_leaves__rules_decide(self, client: Client) -> None:
        make_speak(Task.EXIT)
        assert "who is about to leave" in lead(open_page(client))

    def test_whom_help_makes_buy__is_said_first(self, client: Client) -> None:
        climb_everything()
        assert "A model decides, of those whom rules would help" in lead(open_page(client))

    @override_settings(OSCAR_ENGAGE={"MODULES_OFF": ["learning"]})
    def test_switched_off__is_not_there(self, client: Client) -> None:
        assert client.get(reverse("engage_dashboard:engage-learning")).status_code == 404


class TestLadder:
    def test_waiting__stands_on_rules_with_bars_to_the_next(self, client: Client) -> None:
        make_run(result="waiting", counts={"orders": 13, "visits": 900}, needs={"orders": 37, "rung": "logistic"}, curves={})
        page = open_page(client)
        assert page.count('aria-current="step"') == 3
        assert "13 of 50 orders" in page
        assert re.search(r'<progress[^>]*max="50" value="13"', page)
        assert "needs 37 more orders" in page

    def test_uplift__counts_both_arms(self, client: Client) -> None:
        needs = {"treated": 60, "control": 40, "rung": "s_learner"}
        make_run(Task.UPLIFT, result="waiting", counts={"treated": 40, "control": 60}, needs=needs, curves={})
        page = open_page(client)
        assert "40 of 100 orders of those invited" in page
        assert "60 of 100 orders in the hold-out" in page

    def test_trees_wait__for_visits(self, client: Client) -> None:
        version = make_speak()
        make_run(version=version, counts={"orders": 80, "visits": 7412}, needs={"visits": 12_588, "rung": "boosted"})
        page = open_page(client)
        assert "7,412 of 20,000 visits" in page
        assert "speaks since" in page

    @pytest.mark.parametrize(
        ("why", "said"),
        [
            ("too_few", "enough to learn from; a few more orders are needed to judge by"),
            ("not_better", "enough to learn from; last time: does not foretell better than the one that speaks"),
        ],
    )
    def test_rung_that_is_open_and_was_not_won__says_why(self, client: Client, why: str, said: str) -> None:
        needs = {"visits": 18_600, "rung": "boosted"}
        make_run(result="kept", why=why, counts={"orders": 57, "visits": 1400}, needs=needs, curves={}, numbers={})
        page = open_page(client)
        assert page.count(said) == 1
        assert "needs 18,600 more visits" in page

    def test_rung_nobody_knows__stands_all_the_same(self, client: Client) -> None:
        version = make_speak()
        type(version).objects.update(rung="oracle")
        assert "oracle" in open_page(client)


class TestPictures:
    def test_each_task__has_its_own_with_table_and_words(self, client: Client) -> None:
        climb_everything()
        page = open_page(client)
        assert [part(page, task).count("<svg") for task in Task] == [2, 1, 1]
        assert [part(page, task).count("As a table") for task in Task] == [2, 1, 1]
        buys, leaves, helps = (part(page, task) for task in Task)
        assert "Of 100 of whom it foretold 30 to buy, 28 bought." in buys
        assert "rank 74 of 100 pairs right" in buys
        assert "More visits teach it still." in buys
        assert '<td class="engage-number">1,412</td>' in buys
        assert "Of 100 of whom it foretold 80 to leave, 79 left." in leaves
        assert "Inviting the 50% that it ranks first wins 6 orders among 1,000 shoppers; inviting everybody, 4." in helps
        assert "Of the model that speaks" in buys

    def test_last_attempt_refused__is_shown_with_the_reason(self, client: Client) -> None:
        make_run(days=4, result="kept", why="calibration")
        make_run(days=1, result="failed", why="killed", curves={}, numbers={})
        buys = part(open_page(client), Task.PROPENSITY)
        assert "Of the last attempt" in buys
        assert "its chances do not come true often enough" in buys
        assert buys.count("<svg") == 2

    def test_on_trial__is_shown(self, client: Client) -> None:
        version = make_version()
        shadow(version, now=timezone.now(), why="better")
        make_run(version=version)
        make_run(days=9, result="kept", why="not_better")
        assert "Of the challenger on trial" in part(open_page(client), Task.PROPENSITY)

    def test_one_that_speaks_for_long__is_still_the_one_shown(self, client: Client) -> None:
        version = make_speak(days=90)
        make_run(days=91, version=version)
        for night in range(1, 70):
            make_run(days=night, result="kept", why="not_better", curves={"learning": [[1, 0.5], [2, 0.5]]})
        assert "Of the model that speaks" in part(open_page(client), Task.PROPENSITY)

    @pytest.mark.parametrize(
        "curves",
        [
            {"learning": "x", "calibration": None, "qini": [[1]]},
            {"learning": [[1, "a"], [2, True]], "calibration": [[0.1, 0.1, 0]], "qini": [[0.0, 0.0]]},
            [1, 2],
            {"learning": [[5.0, 0.7]]},
        ],
    )
    def test_curves_of_another_kind__are_left_out(self, client: Client, curves: Any) -> None:
        make_run(result="kept", why="not_better", curves=curves, numbers={"odd": ["x"], "auc": None}, counts={"visits": "many"})
        buys = part(open_page(client), Task.PROPENSITY)
        assert "Of the last attempt" in buys
        assert "<svg" not in buys

    def test_numbers__of_both_sides(self, client: Client) -> None:
        climb_everything()
        page = open_page(client)
        assert "74.1%" in part(page, Task.PROPENSITY)
        assert "70.2%" in part(page, Task.PROPENSITY)
        assert "68%" in part(page, Task.EXIT)
        assert "0.03" in part(page, Task.UPLIFT)


class TestDrift:
    def say(self, verdict: str, **more: Any) -> None:
        said = {"verdict": verdict, "worst": [], "missing": [], "rate": 1.0, "at": timezone.now().isoformat(), **more}
        make_run(version=make_speak(), numbers={"drift": said})

    def test_steady__says_so(self, client: Client) -> None:
        self.say("steady", worst=[["pages", 0.02], ["searches", 0.15]])
        buys = part(open_page(client), Task.PROPENSITY)
        assert "Visits look as they did" in buys
        assert re.findall(r"<td>(hardly|somewhat|much)</td>", buys) == ["hardly", "somewhat"]

    def test_drifting__names_what_moved_in_words(self, client: Client) -> None:
        self.say("drifting", worst=[["idle_seconds", 0.4], ["pages", 0.1]])
        buys = part(open_page(client), Task.PROPENSITY)
        assert "Visits have changed since it learnt: time without a touch." in buys
        assert "idle_seconds" not in buys

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"missing": ["deepest_scroll"]}, "Signals are missing that used to come: how far pages were read."),
            ({"rate": 0.04}, "Only 4% of the usual signals come in."),
        ],
    )
    def test_broken_tracking__is_an_alert(self, client: Client, more: dict[str, Any], said: str) -> None:
        self.say("broken", **more)
        buys = part(open_page(client), Task.PROPENSITY)
        assert 'role="alert"' in buys
        assert said in buys


class TestDay:
    def test_nobody_looked_at__says_who_is(self, client: Client) -> None:
        assert "Only visitors who agree to statistics" in open_page(client)

    def test_nobody_spoke__says_so(self, client: Client) -> None:
        make_vector()
        page = open_page(client)
        assert "1 visit was looked at." in page
        assert "No model said of what kind they are" in page

    def test_scores__the_last_look_of_a_visit_counts(self, client: Client) -> None:
        first = make_vector(minutes=50, propensity=0.9, uplift=-0.1, uplift_low=-0.2, uplift_high=-0.05)
        make_vector(visit=first.visit, minutes=20, propensity=0.03, uplift=0.03, uplift_low=0.01, uplift_high=0.05)
        make_vector(visit=first.visit, minutes=10)  # nobody spoke any more
        make_vector(propensity=1.0, uplift=-0.1, uplift_low=-0.2, uplift_high=-0.05)
        make_vector(propensity=0.0, uplift=0.0, uplift_low=-0.1, uplift_high=0.1)
        make_vector(propensity=0.9, minutes=60 * 20)
        make_vector(propensity=0.9, uplift=0.1)  # of an uplift without its ends nothing follows
        make_vector(propensity=0.5, minutes=60 * 25)
        response = client.get(reverse("engage_dashboard:engage-learning"))
        day, page = response.context["page"].day, response.content.decode()
        assert day.visits == 5
        assert [(line.code, line.count) for line in day.kinds.lines] == [
            ("hot", 1),
            ("cold", 1),
            ("self_server", 2),
            ("do_not_disturb", 1),
        ]
        assert [column.counts for column in day.kinds.columns if column.total] == [(0, 0, 1, 0), (1, 1, 1, 1)]
        assert page.count('<rect class="engage-lead-fill-') == 5
        assert "40% · Buys anyway, without help" in page
        assert "Help adds +3 orders of 100 (+1 to +5)" in page
        assert "orders of 100 (\N{MINUS SIGN}20 to \N{MINUS SIGN}5)" in page

    def test_columns__stand_on_each_other_and_the_fullest_reaches_the_top(self) -> None:
        now = timezone.now()
        looks = [*[Look(now, Lead.HOT)] * 3, Look(now, Lead.SELF_SERVER), Look(now - timedelta(hours=4), Lead.COLD)]
        kinds = draw_kinds(looks, now=now)
        full, before = kinds.columns[-1], kinds.columns[-2]
        assert [piece.code for piece in full.pieces] == ["hot", "self_server"]
        assert full.pieces[0].y + full.pieces[0].height == BOTTOM
        assert full.pieces[1].y + full.pieces[1].height == full.pieces[0].y
        assert full.top == full.pieces[1].y == TOP
        assert (before.total, before.pieces[0].height) == (1, round((BOTTOM - TOP) / 4))

    def test_kept_back__is_said_with_who_was_offered_help(self, client: Client, rule: Rule) -> None:
        assert "left" not in read_heeded(now=timezone.now()).words
        for place, reason in enumerate(["advised_against", "outranked", "offered", "lost"]):
            make_decision(rule, reason, visitor=place)
        make_decision(rule, "advised_against", visitor=0)
        make_decision(rule, "advised_against", visitor=9, hours=25)
        said = "In the last 24 hours the model left 2 shoppers alone. 1 was offered help."
        assert said in open_page(client)
        assert said in open_page(client, name="engage-reports")

    def test_moments_explored__are_told(self, client: Client) -> None:
        make_vector(occasion="moment", is_explored=True)
        make_vector(occasion="moment")
        page = open_page(client)
        assert "In 2 moments a rule held and an arm was drawn." in page
        assert "In 1 moment it was not heeded" in page

    def test_moments_refused__are_told_by_reason(self, client: Client) -> None:
        visit = make_vector().visit
        version = Rule.objects.create(name="Help").versions.create(number=1, document={})
        for reason, number in (("advised_against", 2), ("outranked", 1), ("no_agent", 1)):
            for _each in range(number):
                Decision.objects.create(
                    visitor_id=visit.visitor_id,
                    visit=visit,
                    version=version,
                    branch=0,
                    action="show.balloon",
                    arm="none",
                    reason=reason,
                    eligible_at=timezone.now(),
                )
        page = open_page(client)
        assert "In 2 moments the model advised against helping" in page
        assert "In 1 moment an agent\N{RIGHT SINGLE QUOTATION MARK}s place was kept" in page


class TestWeeks:
    def test_kinds_of_days__fill_from_the_day_on_which_a_model_spoke(self, client: Client) -> None:
        for days, spoken in ((3, False), (2, True), (0, True)):
            make_vector(minutes=60 * 24 * days + 1, **({"propensity": 0.9} if spoken else {}))
        assert "Kinds of shoppers, day by day" not in open_page(client)
        fill(LEADS, now=timezone.now())
        response = client.get(reverse("engage_dashboard:engage-learning"))
        weeks, page = response.context["page"].weeks, response.content.decode()
        filled = [column.counts for column in weeks.kinds.columns if column.total]
        assert filled == [(0, 0, 0, 0, 1), (0, 0, 1, 0, 0), (0, 0, 1, 0, 0)]
        assert weeks.kinds.columns[-1].counts == (0, 0, 1, 0, 0)
        assert "A model has said of what kind shoppers are since" in page
        assert "No model spoke" in page


class TestPage:
    @pytest.mark.parametrize("number", [1, 3])
    def test_queries__as_many_for_three(self, client: Client, number: int, django_assert_num_queries: NumQueries) -> None:
        for task in list(Task)[:number]:
            make_run(task, version=make_speak(task))
            make_vector(propensity=0.1)
        open_page(client)
        with django_assert_num_queries(16):
            open_page(client)

    def test_policy_without_inline_anything__is_kept(self, client: Client) -> None:
        climb_everything()
        main = open_page(client).partition('<main class="engage')[2].partition("</main>")[0]
        assert re.findall(r"<script|<style|\sstyle=|\son\w+=", main) == []

    def test_in_german__writes_its_numbers_so_and_draws_as_before(self, client: Client) -> None:
        climb_everything()
        page = open_page(client, "de")
        assert "7.412" in page
        assert re.findall(r'points="([^"]*)"', page) == re.findall(r'points="([^"]*)"', open_page(client))


class TestHistory:
    def test_nothing__says_so(self, client: Client) -> None:
        assert "Nothing has happened yet" in open_page(client, name="engage-learning-history")

    def test_steps_and_runs__newest_first_with_why_and_who(self, client: Client) -> None:
        make_run(version=make_speak())
        user = client.get("/dashboard/").wsgi_request.user
        silence(Task.PROPENSITY, now=timezone.now(), why="by_hand", user=user)
        page = open_page(client, name="engage-learning-history")
        events = client.get(reverse("engage_dashboard:engage-learning-history")).context["events"]
        assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
        assert len(events) == 5
        assert "by Merchandiser" in page
        assert "did as well in its day in the shadow" in page
        assert "Run: a challenger goes into the shadow" in page

    def test_many__are_paged(self, client: Client) -> None:
        for night in range(31):
            make_run(days=night)
        assert "?page=2" in open_page(client, name="engage-learning-history")
        second = open_page(client, name="engage-learning-history", page="2")
        assert "?page=1" in second
        assert second.count("Run: a challenger") == 3  # the line, and twice what its numbers are of

    @pytest.mark.parametrize("number", [1, 3])
    def test_queries__as_many_for_three(self, client: Client, number: int, django_assert_num_queries: NumQueries) -> None:
        for task in list(Task)[:number]:
            make_run(task, version=make_speak(task))
        open_page(client, name="engage-learning-history")
        with django_assert_num_queries(11):
            open_page(client, name="engage-learning-history")

    def test_as_a_file__has_every_row_without_what_is_long(self, client: Client) -> None:
        make_run(version=make_speak(), needs={"orders": 3, "rung": "boosted"})
        make_run(Task.EXIT)
        silence(Task.PROPENSITY, now=timezone.now(), why="by_hand", user=client.get("/dashboard/").wsgi_request.user)
        text = open_page(client, name="engage-learning-history", **{"as": "csv"}).removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert sorted(row["what"] for row in rows) == ["run", "run", "step", "step", "step", "step"]
        run = next(row for row in rows if row["task"] == "propensity" and row["what"] == "run")
        assert '"auc": 0.741' in run["numbers"]
        assert "reference" not in run["numbers"]
        assert '"champion": {"auc": 0.5}' in next(row for row in rows if row["task"] == "exit")["numbers"]
        assert rows[0]["by"]


class TestRunning:
    def test_run_going_on__says_what_and_asks_again(self, client: Client) -> None:
        take_lease(now=timezone.now(), seconds=600)
        TrainingRun.objects.create(task=Task.EXIT, started_at=timezone.now() - timedelta(seconds=5), result=RunResult.RUNNING)
        page = open_page(client)
        assert "Being learnt since" in page
        assert 'hx-trigger="every 3s"' in page
        assert "Learn now" not in page
        fragment = client.get(reverse("engage_dashboard:engage-learning"), headers={"HX-Request": "true"})
        assert "HX-Refresh" not in fragment.headers
        assert "<html" not in fragment.content.decode()

    def test_between_two_tasks__says_so(self, client: Client) -> None:
        take_lease(now=timezone.now(), seconds=600)
        assert "Between two tasks." in open_page(client)

    def test_over__has_the_page_read_again(self, client: Client) -> None:
        fragment = client.get(reverse("engage_dashboard:engage-learning"), headers={"HX-Request": "true"})
        assert fragment.headers["HX-Refresh"] == "true"


WAYS = {"treated_by_chat": 40.0, "control_by_chat": 31.0, "treated_by_note": 20.0, "control_by_note": 8.0}


def ways(page: str) -> list[str]:
    """Return how ways of helping stand, as one reads it."""
    listed = part(page, Task.UPLIFT).partition('<ul class="engage-ways"')[2].partition("</ul>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in re.findall("<li>(.*?)</li>", listed, re.DOTALL)]


class TestWays:
    def test_model_speaks__of_each_way_says_whether_it_is_known_or_what_is_missing(self, client: Client) -> None:
        version = make_speak(Task.UPLIFT)
        type(version).objects.filter(pk=version.pk).update(metrics=WAYS)
        later = {**WAYS, "control_by_note": 12.0, "treated_by_balloon": 30.0, "control_by_balloon": 30.0}
        make_run(Task.UPLIFT, version=version, numbers=later)
        assert ways(open_page(client)) == [
            "Chat the model knows what it does",
            "Balloon enough by now: the next model will know what it does",
            "Note needs 3 more orders in the hold-out",
        ]

    def test_nobody_speaks__says_what_is_missing(self, client: Client) -> None:
        numbers = {"treated_by_chat": 14.0, "control_by_chat": 15.0, "treated_by_other": 40.0, "control_by_other": 20.0}
        make_run(Task.UPLIFT, result="waiting", needs={"treated": 12, "rung": "s_learner"}, curves={}, numbers=numbers)
        assert ways(open_page(client)) == ["Chat needs 1 more order of somebody invited", "Any other way enough to learn from"]

    def test_model_of_before_ways_were_told_apart__lists_none(self, client: Client) -> None:
        make_run(Task.UPLIFT, version=make_speak(Task.UPLIFT))
        assert ways(open_page(client)) == []
