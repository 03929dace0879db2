"""Does the overview say what help earned, cost and broke, and do its file and the mails say the same?"""

import csv
from collections.abc import Callable, Iterable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.lift.overview import Standing
from oscar_engage.analytics.mails.write import write_mail
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS, Key, Values
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.staffing.classes import class_of
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.worth.figures import list_figures
from oscar_engage.analytics.worth.read import Worth, read_worth
from oscar_engage.analytics.worth.said import say_alarms, say_first, tell_all
from oscar_engage.analytics.worth.said_rule import say_rule
from oscar_engage.dashboard.reports.lift import draw_rules
from oscar_engage.rules.models import Rule

pytestmark = pytest.mark.django_db
OVERVIEW = "engage_dashboard:engage-reports"


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def keep(name: str, back: int, cells: dict[Key, Values]) -> None:
    """Write a day of a rollup as if it had been counted."""
    rollup, now = ROLLUPS.get(name), timezone.now()
    RollupDay.objects.create(
        rollup=name,
        day=timezone.localdate() - timedelta(days=back),
        version=rollup.version,
        cells=write_cells(rollup, cells.items()),
        digest="",
        filled_at=now,
    )


def moments(values: Iterable[float]) -> Values:
    return Moments.of((value, 0) for value in values).as_numbers()


def lift(
    rule: Rule, *, back: int = 20, treated: tuple[int, int] = (8_000, 1_600), control: tuple[int, int] = (2_000, 200)
) -> None:
    cells: dict[Key, Values] = {}
    for name in (str(rule.pk), "shop"):
        for arm, (units, buyers) in (("treated", treated), ("control", control)):
            cells[name, arm, "0.800000", "buyers", ""] = moments([1] * buyers + [0] * (units - buyers))
            cells[name, arm, "0.800000", "orders", ""] = moments([1] * buyers)
            cells[name, arm, "0.800000", "revenue", "GBP"] = moments([4_000, 6_000] * (buyers // 2))
    keep("lift", back, cells)


def costs(*, agent_hour: int = 30) -> None:
    CostPeriod.objects.create(
        starts_on=timezone.localdate() - timedelta(days=300),
        currency="GBP",
        agent_hour=agent_hour,
        note_minutes=4,
        chat_minutes=6,
    )


def service(back: int = 20) -> None:
    keep("contacts", back, {("chat", ""): (90, 0, 90, 80, 70, 60, 90, 27_000), ("note", ""): (60, 10, 60, 50, 40, 30, 0, 0)})
    keep("self_help", back, {("article", ""): (600, 250, 400, 180)})
    keep("vouchers", back, {("",): (30, 0), ("GBP",): (0, 14_000)})
    keep("service_hours", back, {("10", "", "chat"): (90, 80, 10, 70, 10, 190), ("10", "", "note"): (60, 60, 0, 50, 10, 7_200)})
    keep("service_times", back, {("queue", "", "chat", "response", class_of(40)): (60,)})
    keep("staff_hours", back, {("10",): (3_600, 300, 2_400, 1_800, 7_200)})


def struggles(back: int = 20) -> None:
    cells: dict[Key, Values] = {
        ("field", "postcode", "any", ""): (90, 90, 20, 0, 0),
        ("field", "postcode", "any", "GBP"): (0, 0, 0, 70, 310_000),
        ("field", "postcode", "field_error", ""): (90, 90, 20, 0, 0),
        ("visits", "", "any", ""): (0, 800, 60, 0, 0),
        ("visits", "", "any", "GBP"): (0, 0, 0, 100, 475_000),
    }
    keep("struggles", back, cells)


def returns(rule: str, *, treated: int = 800, control: int = 60) -> None:
    def back(number: int, of: int) -> Values:
        return Moments.of([(1, 1)] * number + [(0, 1)] * (of - number)).as_numbers()

    arms = {"treated": back(treated, 4_000), "control": back(control, 1_000)}
    keep("guardrails", 20, {("returns", rule, arm, "0.8"): values for arm, values in arms.items()})


def fill_all(rule: Rule) -> None:
    """Fill everything that the overview tells of."""
    lift(rule)
    costs()
    service()
    struggles()
    returns(str(rule.pk))


def read() -> Worth:
    today = timezone.localdate()
    return read_worth(since=today - timedelta(days=89), until=today + timedelta(days=1), today=today)


def said(page: Any) -> str:
    return unescape(page.content.decode())


def test_overview__beside_file_and_mails__says_the_same(client: Client, rule: Rule) -> None:
    fill_all(rule)
    worth = read()
    page = said(client.get(reverse(OVERVIEW)))
    mails = [write_mail("owner@shop.example", "en", day=worth.today, is_weekly=weekly) for weekly in (True, False)]
    texts = [page, *(mail.body for mail in mails), *(unescape(mail.alternatives[0][0]) for mail in mails)]
    blocks = tell_all(worth)
    wanted = [
        say_first(worth),
        *say_alarms(worth),
        *(say_rule(worth.guards.alarms, worth.rule_money, one) for one in worth.overview.rules),
    ]
    wanted += [words for told in blocks for words in (told.title, told.figure, told.sentence, *told.items)]
    assert len(blocks) == 6
    for text in texts:
        assert [words for words in wanted if words not in text] == []


def test_overview__as_a_file__has_the_figures_of_the_page(client: Client, rule: Rule) -> None:
    fill_all(rule)
    sheet = client.get(reverse(OVERVIEW), {"as": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(sheet.splitlines()))
    figures = list(list_figures(read()))
    assert [row["figure"] for row in rows] == [one.name for one in figures]
    known = {row["figure"]: float(row["value"]) for row in rows if row["value"]}
    assert known["earned"] == pytest.approx(40_000)
    # 90 chats of 6 minutes and 50 notes of 4 at 30 an hour, and 140.00 that the vouchers took off
    assert known["cost"] == pytest.approx(90 * 3 + 50 * 2 + 140)
    assert known["return_per_unit"] == pytest.approx(40_000 / 510, abs=1e-3)
    assert known["cost_per_order"] == pytest.approx(510 / 800, abs=1e-3)
    assert known["promises_kept"] == pytest.approx(120 / 140, abs=1e-3)
    assert known["baskets_at_stake"] == 3_100


def test_first__help_that_earns__says_how_much_how_sure_and_what_it_cost(rule: Rule) -> None:
    fill_all(rule)
    first = say_first(read())
    assert "help earned between £29,843 and £50,157 that" in first
    assert "(95 % sure), and cost £510." in first


def test_first__nobody_entered_what_an_hour_costs__says_nothing_of_costs_and_what_to_do(rule: Rule) -> None:
    lift(rule)
    worth = read()
    assert say_first(worth).endswith("(95 % sure).")
    assert [told.todo for told in tell_all(worth) if told.key == "cost"] == [
        "Enter what an hour of an agent costs: then each contact has its price."
    ]


@pytest.mark.parametrize(
    ("treated", "control", "words"),
    [
        ((8_000, 800), (2_000, 400), "help lost the shop between £"),
        ((8_000, 808), (2_000, 200), "It is not clear yet whether help earns"),
    ],
)
def test_first__help_that_does_not_earn__says_so(
    rule: Rule, treated: tuple[int, int], control: tuple[int, int], words: str
) -> None:
    lift(rule, treated=treated, control=control)
    assert words in say_first(read())
    costs()
    service()
    assert say_first(read()).endswith("and cost £510.")


def test_first__shoppers_who_may_still_order__says_from_when_on_it_is_known(rule: Rule) -> None:
    lift(rule, back=2)
    worth = read()
    known_from = worth.known_from
    assert known_from is not None
    assert "will be known from" in say_first(worth)
    after = read_worth(since=worth.since, until=worth.until, today=known_from)
    before = read_worth(since=worth.since, until=worth.until, today=known_from - timedelta(days=1))
    assert after.earned is not None
    assert after.earned.estimate is not None
    assert before.known_from == known_from


def test_first__arms_not_as_drawn__says_nothing_of_money(rule: Rule) -> None:
    lift(rule, treated=(6_000, 1_200), control=(4_000, 400))
    worth = read()
    assert "not as they were drawn" in say_first(worth)
    assert len(say_alarms(worth)) == 1
    assert worth.costs.increment is None


def test_alarms__worse_in_the_whole_shop_or_with_a_deleted_rule__stand_on_top(client: Client, rule: Rule) -> None:
    lift(rule)
    returns("shop")
    assert "Orders that came back: +14 points with help" in said(client.get(reverse(OVERVIEW)))
    RollupDay.objects.filter(rollup="guardrails").delete()
    returns("999")
    assert say_alarms(read())[0].startswith("a deleted rule: Orders that came back")


def test_alarms__more_spent_than_earned__says_so(rule: Rule) -> None:
    lift(rule)
    costs(agent_hour=10_000)
    service()
    assert "Help costs more than it brings in" in " ".join(say_alarms(read()))


def test_rule__that_earns_with_a_side_effect__is_among_what_to_do(client: Client, rule: Rule) -> None:
    lift(rule)
    returns(str(rule.pk))
    (row,) = client.get(reverse(OVERVIEW)).context["urgent"]
    assert (row.tone, str(row.word)) == ("bad", "side effect")
    assert "Orders that came back" in row.sentence
    assert "change it, or stop it" in row.sentence
    (same,) = client.get(reverse("engage_dashboard:engage-report-rules")).context["rows"]
    assert (same.word, same.sentence) == (row.word, row.sentence)
    assert row.sentence in said(client.get(reverse("engage_dashboard:engage-report", args=[rule.pk])))


def test_rule__that_costs_more_than_it_brings__is_named_with_both_figures(client: Client, rule: Rule) -> None:
    lift(rule)
    costs()
    keep("contacts", 20, {("chat", ""): (90, 0, 90, 80, 70, 60, 90, 27_000)})
    keep("rule_costs", 20, {(str(rule.pk), "chat", ""): (40, 0), (str(rule.pk), "voucher", ""): (9_000, 0)})
    cheap = read()
    assert cheap.overview.rules[0].standing is Standing.GAINS
    keep("rule_costs", 21, {(str(rule.pk), "discount", "GBP"): (0, 90_000_00)})
    worth = read()
    (row,) = client.get(reverse(OVERVIEW)).context["urgent"]
    assert str(row.word) == "costs too much"
    assert row.sentence.endswith("It cost £90,120 and earned between £29,843 and £50,157.")
    assert row.sentence in write_mail("owner@shop.example", "en", day=worth.today, is_weekly=True).body
    figures = {one.name: one.value for one in list_figures(worth) if one.about == rule.name}
    assert figures["rule_cost"] == 90_120
    assert figures["rule_return_per_unit"] == pytest.approx(40_000 / 90_120)
    page = client.get(reverse("engage_dashboard:engage-report", args=[rule.pk]))
    assert page.context["row"].sentence == row.sentence
    assert {str(line.name): line.cost for line in page.context["spent_lines"]} == {
        "Chat": 12_000,
        "Vouchers given": 0,
        "Discounts on orders with these vouchers": 9_000_000,
    }
    rules = client.get(reverse("engage_dashboard:engage-report-rules"))
    assert [(one.sentence, one.cost) for one in rules.context["rows"]] == [(row.sentence, "£90,120")]


def test_overview__shoppers_of_all_days_may_still_order__does_not_say_that_all_rules_are_well(
    client: Client, rule: Rule
) -> None:
    lift(rule, back=2)
    assert "It is too early to say of any rule" in said(client.get(reverse(OVERVIEW), {"days": "7"}))


def test_picture_of_rules__changes_of_any_size__are_drawn_to_one_scale(rule: Rule) -> None:
    lift(rule)
    drawn = draw_rules(read().overview.rules)
    assert drawn is not None
    (bar,) = drawn.bars
    assert bar.low is not None
    # twice as many bought, some 80 to 125 %: drawn to scale, the interval begins within the bar and ends a little beyond it
    assert bar.x + bar.width / 2 < bar.low < bar.x + bar.width < (bar.high or 0)


def test_overview__in_german__is_german(client: Client, rule: Rule) -> None:
    fill_all(rule)
    page = said(client.get(reverse(OVERVIEW), headers={"Accept-Language": "de"}))
    with translation.override("de"):
        first = say_first(read())
    assert first in page
    assert "510\N{NO-BREAK SPACE}£" in first
    assert "help" not in first


def test_overview__nothing_at_all__every_block_says_what_to_do(client: Client) -> None:
    page = said(client.get(reverse(OVERVIEW)))
    for told in tell_all(read()):
        assert told.todo or told.figure
        assert told.todo in page


def test_overview__first_day_of_a_shop__speaks_of_no_days_before_it_and_praises_nothing(client: Client, rule: Rule) -> None:
    page = said(client.get(reverse(OVERVIEW)))
    assert "Nothing of these days has been counted yet." in page
    keep("struggles", 0, {})  # counted, while nobody's visit has ended
    lift(rule, back=0, treated=(1, 0), control=(0, 0))
    worth = read()
    assert worth.money_until == worth.until
    told = block("struggles")
    assert (told.figure, told.tone) == ("", "open")
    assert told.sentence == "No visit of these days has been counted yet."
    assert block("promises").sentence == "No question to an agent has been counted in these days."
    page = said(client.get(reverse(OVERVIEW)))
    assert "Nothing of these days" not in page
    assert "nowhere" not in page


def test_costs__page_over_other_days__holds_only_compared_ones_against_the_increment(client: Client, rule: Rule) -> None:
    fill_all(rule)
    service(back=1)  # costs of yesterday, whose visitors may still order
    page = said(client.get(reverse("engage_dashboard:engage-report-costs"), {"days": "90"}))
    assert "£1,020.00" in page
    assert "78.43" in page  # 40 000 for 510
    assert client.get(reverse(OVERVIEW)).context["worth"].cost.total == 51_000


def test_overview__days_beside__stand_beside(client: Client, rule: Rule) -> None:
    fill_all(rule)
    keep("service_hours", 110, {("10", "", "chat"): (4, 4, 0, 3, 1, 10)})
    page = client.get(reverse(OVERVIEW), {"beside": "before"})
    assert next(one for one in page.context["shoppers"] if one.told.key == "promises").before == "75%"
    assert page.context["first_before"] in said(page)


def block(key: str) -> Any:
    return next(told for told in tell_all(read()) if told.key == key)


def test_blocks__contacts_of_unknown_length__say_at_least_and_what_to_enter(rule: Rule) -> None:
    fill_all(rule)
    CostPeriod.objects.update(note_minutes=None, starts_on=timezone.localdate() - timedelta(days=300))
    told = block("cost")
    assert told.figure == "at least £410"
    assert "Of 50 contacts nobody knows how long they take." in told.sentence
    assert told.todo == "Enter the minutes that such a contact takes."
    assert block("return").todo.startswith("Enter what an hour")
    assert say_first(read()).endswith("(95 % sure).")  # what is not known is not said


def test_blocks__costs_entered_and_nobody_came__say_nothing_was_spent(rule: Rule) -> None:
    lift(rule)
    costs()
    assert (block("cost").figure, block("return").sentence) == ("£0", "Nothing was spent in these days.")
    assert block("order").figure == "not yet"


def test_blocks__helped_without_known_prices__say_what_to_enter(rule: Rule) -> None:
    service()
    assert block("saved").todo == "Enter what an hour of an agent costs, or what a contact cost before."


def test_blocks__visits_without_a_struggle__say_nowhere(rule: Rule) -> None:
    keep("struggles", 20, {("visits", "", "any", ""): (0, 800, 60, 0, 0)})
    told = block("struggles")
    assert (told.figure, told.tone) == ("nowhere", "good")
    assert "800 visits" in told.sentence


def test_blocks__struggle_without_a_basket__is_said_without_money(rule: Rule) -> None:
    keep("struggles", 20, {("field", "postcode", "any", ""): (9, 9, 2, 0, 0), ("visits", "", "any", ""): (0, 80, 6, 0, 0)})
    assert block("struggles").sentence == "Form field “postcode”: of 9 visits with trouble there, 7 did not order."


def test_blocks__questions_whose_time_is_not_up__promise_nothing_yet(rule: Rule) -> None:
    keep("service_hours", 1, {("10", "", "note"): (6, 0, 0, 0, 0, 0)})
    told = block("promises")
    assert (told.figure, told.sentence) == ("not yet", "No promise has come due yet, of 6 questions.")


def test_blocks__costs_that_begin_after_these_days__say_so(rule: Rule) -> None:
    fill_all(rule)
    CostPeriod.objects.update(starts_on=timezone.localdate())
    RollupDay.objects.filter(rollup="vouchers").delete()
    assert block("cost").todo == "Enter costs that begin earlier: those that are known begin after these days."
    assert block("return").figure == ""
