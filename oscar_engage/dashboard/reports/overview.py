"""The pages that say whether it is worth it: of the whole product, of all rules, and of one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from oscar_engage.analytics.funnel.read import read_funnel
from oscar_engage.analytics.guardrails.report import guardrail_alarms
from oscar_engage.analytics.lift.cells import REVENUE
from oscar_engage.analytics.lift.judge import Outcome
from oscar_engage.analytics.lift.overview import DAYS, Overview, sum_up
from oscar_engage.analytics.lift.read import LiftReport, read_lift, read_names
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.words import say_money
from oscar_engage.analytics.worth.read import read_worth
from oscar_engage.analytics.worth.rule_money import RuleMoney, compared_until, costly_of, read_rule_money
from oscar_engage.analytics.worth.said import say_alarms, say_first
from oscar_engage.analytics.worth.said_rule import TO_DO, say_nothing_to_do, say_rule
from oscar_engage.dashboard.costs.reading import cost_lines
from oscar_engage.dashboard.learning.heeded import read_heeded
from oscar_engage.dashboard.navigation import may_open
from oscar_engage.dashboard.reports.blocks import FIGURE_HEAD, blocks_context, figure_rows
from oscar_engage.dashboard.reports.funnel import draw_way, reason_rows
from oscar_engage.dashboard.reports.lift import arm_columns, draw_measures, draw_rules, earned_cards, measure_rows, rule_rows
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.span import Span, choose_span
from oscar_engage.dashboard.reports.spanned import SpanMixin
from oscar_engage.rules.models import Rule


class LiftMixin(SpanMixin):
    """A page about comparisons: over 90 days unless asked otherwise."""

    def span_context(self) -> tuple[Span, dict[str, Any]]:
        """Return the days, and the template's names for the form."""
        span, context = super().span_context()
        asked: QueryDict = self.request.GET
        if span.days and "days" not in asked:
            longer = choose_span({"beside": asked.get("beside", ""), "days": str(DAYS)}, today=timezone.localdate())
            return longer, {**context, "span": longer}
        return span, context

    def read(self, span: Span) -> LiftReport:
        """Return the report on the days of ``span``."""
        return read_lift(since=span.since, until=span.until, today=timezone.localdate())

    def read_other(self, span: Span) -> LiftReport | None:
        """Return the report on the days that ``span`` is laid beside; ``None`` without any."""
        return self.read(span.other) if span.other else None


def lift_context(report: LiftReport, user: Any) -> dict[str, Any]:
    """Return what every such page says of how it counted, and whether ``user`` may change what it tells of."""
    caps = [say_money(at, currency) for currency, at in sorted(report.caps.items())]
    return {"report": report, "caps": caps, "may_change_rules": may_open(user, "engage_dashboard:engage-rule-edit", [0])}


class OverviewView(LiftMixin, TemplateView):
    """Is it worth it? What help earned, what it cost, what to do about which rule, where it hurts; ``?as=csv`` as a file."""

    template_name = "oscar_engage/dashboard/reports/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was earned, what that cost, and the rules by what is to be done."""
        span, context = self.span_context()
        today = timezone.localdate()
        worth = read_worth(since=span.since, until=span.until, today=today)
        beside, names = span.other, worth.names
        before = read_worth(since=beside.since, until=beside.until, today=today, names=names) if beside else None
        other = before.overview if before else None
        overview = worth.overview
        rows = rule_rows(overview, other, say=partial(say_rule, worth.guards.alarms, worth.rule_money), money=worth.rule_money)
        urgent = {one.rule_id for one in overview.standing(*TO_DO)}
        return super().get_context_data(
            **kwargs,
            **context,
            **lift_context(worth.lift, self.request.user),
            **blocks_context(worth, before, self.request.user, span),
            worth=worth,
            overview=overview,
            alarms=say_alarms(worth),
            first=say_first(worth),
            first_before=say_first(before) if before else "",
            cards=earned_cards(overview, worth.lift, other),
            nothing_to_do=say_nothing_to_do(overview),
            urgent=[row for row in rows if row.rule_id in urgent],
            rows=rows,
            chart=draw_rules(overview.rules),
            has_rules=bool(worth.names),
            heeded=None if beside else read_heeded(now=timezone.now()),  # where days are compared, it is about these
        )

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        request: HttpRequest = self.request
        if request.GET.get("as") == "csv":
            return send_sheet("overview", FIGURE_HEAD, figure_rows(context["worth"]))
        return super().render_to_response(context, **response_kwargs)


class RuleListView(LiftMixin, TemplateView):
    """Every rule that was ever live: what it changed, and how sure that is; ``?as=csv`` is the table as a file."""

    template_name = "oscar_engage/dashboard/reports/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a row for each rule, those that never held included."""
        span, context = self.span_context()
        names = read_names()
        report, other = self.read(span), self.read_other(span)
        alarms = guardrail_alarms(since=span.since, until=span.until)
        worse = {guard.rule for guard in alarms if guard.rule is not None}
        money = read_rule_money(report)
        judged = {pk: report.rule(pk) for pk, _name in names}
        overview = sum_up(report.shop, judged, names, worse=worse, costly=costly_of(money))
        beside = sum_up(other.shop, {pk: other.rule(pk) for pk, _name in names}, names) if other else None
        rows = rule_rows(overview, beside, say=partial(say_rule, alarms, money), money=money)
        told = {"overview": overview, "rows": rows, "chart": draw_rules(overview.rules), "money": money}
        return super().get_context_data(**kwargs, **context, **lift_context(report, self.request.user), **told)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        request: HttpRequest = self.request
        if request.GET.get("as") == "csv":
            return send_sheet("rules", _HEAD, _sheet(context["overview"], context["money"]))
        return super().render_to_response(context, **response_kwargs)


_HEAD = (
    *("rule", "standing", "measure", "currency", "treated_units", "control_units", "waiting", "treated", "control"),
    *("difference", "difference_low", "difference_high", "change_percent", "change_low", "change_high"),
    *("p", "variance_removed", "sample_ratio_p", "cost", "return_per_unit", "return_low", "return_high"),
)


def _sheet(overview: Overview, money: Mapping[int, RuleMoney]) -> list[tuple[Any, ...]]:
    """Return a row for each rule and measure; money in whole units of the currency, what it cost beside its revenue."""
    rows: list[tuple[Any, ...]] = []
    for one in overview.rules:
        judged = one.judged
        for outcome in judged.outcomes:
            lift = outcome.lift
            unit = 100 if outcome.currency else 1
            numbers: list[Any] = [""] * 10
            if lift is not None:
                values = (lift.treated, lift.control, lift.difference.value, lift.difference.low, lift.difference.high)
                change = lift.relative
                numbers = [
                    *(round(value / unit, 6) for value in values),
                    *(("", "", "") if change is None else (round(x, 3) for x in (change.value, change.low, change.high))),
                    *(round(lift.p, 6), round(lift.variance_removed, 4)),
                ]
            head = (one.name, one.standing.value, outcome.measure, outcome.currency)
            units = (judged.treated.units, judged.control.units, judged.waiting)
            rows.append((*head, *units, *numbers, round(judged.sample_ratio.p, 6), *_spent(outcome, money.get(one.rule_id))))
    return rows


def _spent(outcome: Outcome, money: RuleMoney | None) -> tuple[Any, ...]:
    """Return cost, and revenue for each unit spent with its range, beside the revenue in that currency."""
    if money is None or outcome.measure != REVENUE or outcome.currency != money.currency:
        return ("",) * 4
    known = money.per_unit if isinstance(money.per_unit, Estimate) else None
    brought = ("", "", "") if known is None else (round(x, 4) for x in (known.value, known.low, known.high))
    return ("" if money.cost is None else money.cost.total / 100, *brought)


class RuleView(LiftMixin, TemplateView):
    """One rule: what it changed, how far its offers came, and why moments were or were not used."""

    template_name = "oscar_engage/dashboard/reports/rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comparison, the counts, the funnel and the reasons."""
        span, context = self.span_context()
        rule = get_object_or_404(Rule, pk=self.kwargs["pk"])
        report, other = self.read(span), self.read_other(span)
        judged = report.rule(rule.pk)
        way = read_funnel(since=span.since, until=span.until, only={"rule": str(rule.pk)}).whole
        alarms = [one for one in guardrail_alarms(since=span.since, until=span.until) if one.rule == rule.pk]
        worse = [rule.pk] if alarms else []
        money = read_rule_money(report)
        named, costly = [(rule.pk, rule.name)], costly_of(money)
        (standing,) = sum_up(report.shop, {rule.pk: judged}, named, worse=worse, costly=costly).rules
        say = partial(say_rule, alarms, money)
        (row,) = rule_rows(Overview(report.shop, (), (standing,)), say=say, money=money)
        spent = money.get(rule.pk)
        return super().get_context_data(
            **kwargs,
            **context,
            **lift_context(report, self.request.user),
            rule=rule,
            judged=judged,
            row=row,
            measures=measure_rows(judged, other.rule(rule.pk) if other else None),
            measures_chart=draw_measures(judged),
            arms=arm_columns(judged),
            way=way,
            funnel=draw_way(way),
            reasons=reason_rows(way),
            spent=spent,
            spent_lines=[line for line in cost_lines(spent.cost) if line.count] if spent and spent.cost else [],
            spent_last=Span(since=span.since, until=compared_until(report), days=None).last,
        )
