"""Is a day of the funnel what a recount by hand finds, and is only what was seen an exposure?"""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.funnel.count import FUNNEL, SEGMENTS, count_funnel
from oscar_engage.analytics.funnel.read import read_funnel
from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.desk.models import Conversation
from oscar_engage.rules.models import RuleVersion
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.widgets.models import Engagement
from tests.analytics.lift.history import START, at, make_rule, make_visitor, place
from tests.examples import examples

DAY = make_day(START.date(), ZoneInfo("UTC"))
ARRIVAL = [0, "", "", "", "", "phone"]


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def cells() -> dict[tuple[str, ...], tuple[float, ...]]:
    return dict(count_funnel(DAY, now=at(24 * 60)))


def visit(visitor: Visitor, *, seconds: int = 60) -> Visit:
    ends_at = START + timedelta(seconds=seconds)
    return Visit.objects.create(visitor=visitor, started_at=START, last_at=ends_at, state={"arrival": ARRIVAL})


def decide(
    version: RuleVersion, stay: Visit, reason: str, hours: float, *, steps: tuple[str, ...] = (), variant: str = ""
) -> Decision:
    is_offered = reason == Reason.OFFERED
    return Decision.objects.create(
        visitor_id=stay.visitor_id,
        visit=stay,
        version=version,
        branch=0,
        action="show.balloon",
        engagement="help",
        variant=variant if is_offered else "",
        arm=Arm.TREATED if is_offered else Arm.NONE,
        reason=reason,
        eligible_at=at(hours),
        offered_at=at(hours) if is_offered else None,
        **{f"{step}_at": at(hours) for step in steps if is_offered},
    )


def talk(decision: Decision, *, replied: bool, closed: bool, outcome: str = "") -> None:
    Conversation.objects.create(
        kind="note",
        visitor_id=decision.visitor_id,
        decision_id=decision.pk,
        created_at=START,
        due_at=START,
        page_path="/",
        first_reply_at=START if replied else None,
        closed_at=START if closed else None,
        status="closed" if closed else "waiting",
        outcome=outcome,
    )


@pytest.mark.django_db
@pytest.mark.attack("O02")
def test_count__offer_that_never_appeared__is_offered_and_not_seen() -> None:
    version = make_rule()
    decide(version, visit(make_visitor()), Reason.OFFERED, 1)
    decide(version, visit(make_visitor()), Reason.OFFERED, 2, steps=("seen",))
    fill(FUNNEL, now=at(20))
    way = read_funnel(since=START.date(), until=START.date() + timedelta(days=1)).whole
    assert (way.number("eligible"), way.number("offered"), way.number("seen")) == (2, 2, 1)


@pytest.mark.django_db
def test_count__accepted_answered_and_bought__comes_to_the_end() -> None:
    Engagement.objects.create(slug="help", widget="balloon", title="Help")
    version, visitor = make_rule(), make_visitor()
    decision = decide(version, visit(visitor), Reason.OFFERED, 1, steps=("seen", "accepted"), variant="b")
    talk(decision, replied=True, closed=True)
    place(visitor, 2, "12.50")
    about = (str(version.rule_id), "help", "b", "balloon", "phone")
    steps = {key[5]: values for key, values in cells().items() if key[:5] == about}
    assert steps["resolved"] == steps["ordered"] == (1, 0)
    assert steps["value"] == (1, 1250)
    assert steps["time"] == (1, 60)


@pytest.mark.django_db
def test_count_segments__shopper_in_two_of_them__counts_in_each_and_nobody_is_lost() -> None:
    version = make_rule()
    for segments in (["keen", "loyal"], ["keen"], []):
        row = decide(version, visit(make_visitor()), Reason.OFFERED, 1)
        Decision.objects.filter(pk=row.pk).update(segments=segments)
    for rollup in (FUNNEL, SEGMENTS):
        fill(rollup, now=at(20))
    found = read_funnel(since=START.date(), until=START.date() + timedelta(days=1), by="segment")
    assert {key[0]: way.number("offered") for key, way in found.parts.items()} == {"keen": 2, "loyal": 1, "": 1}
    assert found.whole.number("offered") == 3


people = st.lists(
    st.fixed_dictionaries(
        {
            "mark": st.sampled_from(["", "", "", "is_staff", "is_automaton"]),
            "moments": st.lists(
                st.tuples(
                    st.sampled_from([Reason.OFFERED, Reason.OFFERED, *Reason]),
                    st.integers(-5, 28),
                    st.sets(st.sampled_from(["seen", "accepted", "dismissed"])),
                    st.sampled_from([None, (False, False, ""), (True, False, ""), (True, True, ""), (True, True, "unsolved")]),
                    st.sampled_from(["", "a", "b"]),
                ),
                max_size=4,
            ),
            "orders": st.lists(
                st.tuples(st.integers(-10, 24 * 9), st.sampled_from(["GBP", "EUR"]), st.sampled_from([None, 3])), max_size=3
            ),
            "seconds": st.integers(0, 900),
        }
    ),
    max_size=5,
)


class AnyHistory(TestCase):
    """Whatever happened, the day is the recount."""

    @pytest.mark.attack("O06")
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=people)
    def test_count__any_history__equals_the_recount(self, history: list[dict[str, Any]]) -> None:
        version = make_rule()
        with timezone.override("UTC"):
            for person in history:
                visitor = make_visitor()
                if person["mark"]:
                    Visitor.objects.filter(pk=visitor.pk).update(**{person["mark"]: True})
                stay = visit(visitor, seconds=person["seconds"])
                for reason, hour, steps, spoken, variant in person["moments"]:
                    decision = decide(version, stay, reason, hour, steps=tuple(steps), variant=variant)
                    if spoken and decision.accepted_at:
                        talk(decision, replied=spoken[0], closed=spoken[1], outcome=spoken[2])
                for hour, currency, back in person["orders"]:
                    place(visitor, hour, "3.50", currency, returned=None if back is None else hour + back)
            assert cells() == recount()


def recount() -> dict[tuple[str, ...], tuple[float, ...]]:
    """Walk over all rows there are, one after the other."""
    found: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0])
    strangers = {one.pk for one in Visitor.objects.all() if one.is_staff or one.is_automaton}
    stays: set[tuple[Any, ...]] = set()
    words = {
        "shop_holdout": "held_out",
        "rule_holdout": "held_out",
        "no_agent": "no_agent",
        "in_line": "no_agent",
        "advised_against": "advised",
        "outranked": "advised",
        "lost": "lost",
        "busy_surface": "lost",
    }
    words |= dict.fromkeys(("capped_visit", "capped_week", "capped_rule", "capped_day"), "capped")
    words |= dict.fromkeys(("dismissed", "dismissed_rule", "asked"), "capped")
    for row in Decision.objects.select_related("visit"):
        if row.visitor_id in strangers or not at(0) <= row.eligible_at < at(24):
            continue
        about = (str(row.version.rule_id), "help", row.variant, "show.balloon", "phone")
        reached = ["eligible", f"reason:{row.reason}", "offered" if row.offered_at else words.get(row.reason, "other")]
        reached += [step for step in ("seen", "accepted", "dismissed") if getattr(row, f"{step}_at")]
        for spoken in Conversation.objects.filter(decision_id=row.pk):
            if spoken.first_reply_at:
                reached.append("connected")
                if spoken.closed_at and spoken.outcome != "unsolved":
                    reached.append("resolved")
        held = row.reason == "rule_holdout"
        tail = "_held" if held else ""
        if row.offered_at or held:
            own = [one for one in Conversion.objects.all() if one.visitor_id == row.visitor_id and not one.returned_at]
            own = [one for one in own if row.eligible_at <= one.placed_at < row.eligible_at + timedelta(days=7)]
            reached += [f"ordered{tail}"] * bool(own)
            for one in own:
                found[*about, f"value{tail}", one.currency][0] += 1
                found[*about, f"value{tail}", one.currency][1] += 350
            if (row.visit_id, row.variant, held) not in stays:
                stays.add((row.visit_id, row.variant, held))
                found[*about, f"time{tail}", ""][0] += 1
                found[*about, f"time{tail}", ""][1] += (row.visit.last_at - row.visit.started_at).total_seconds()
        for step in reached:
            found[*about, step, ""][0] += 1
    return {key: tuple(values) for key, values in found.items()}
