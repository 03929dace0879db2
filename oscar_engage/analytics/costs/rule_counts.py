"""What began with an offer of which rule on a day: contacts that somebody had to answer, and vouchers that were given?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from oscar_engage.analytics.costs.ports import DISCOUNTS
from oscar_engage.analytics.costs.vouchers import MOST_AT_ONCE, OPEN_DAYS
from oscar_engage.analytics.deflection.contacts import with_channel
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.core.chunks import chunks
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.models import Conversation
from oscar_engage.widgets.models import GivenVoucher

NAME = "rule_costs"

VOUCHER, DISCOUNT = "voucher", "discount"
"""What stands beside the channels in a cell: vouchers given, and what they took off orders since (by currency)."""


def count_rule_costs(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Give the cells of one day; what staff and automata began, and what an automatic answer solved, is left out."""
    yield from _contacts(day)
    yield from _vouchers(day)


def _contacts(day: Day) -> Iterator[tuple[Key, Values]]:
    begun = Conversation.objects.filter(created_at__gte=day.starts_at, created_at__lt=day.ends_at, decision_id__isnull=False)
    rows = with_channel(begun).filter(is_uncounted=False, is_self_served=False).values_list("decision_id", "channel")
    for part in chunks(rows.iterator()):
        rules = _rules_of(decision for decision, _channel in part)
        found = Counter((rules[decision], channel) for decision, channel in part if decision in rules)
        yield from (((rule, channel, ""), (number, 0)) for (rule, channel), number in found.items())


def _vouchers(day: Day) -> Iterator[tuple[Key, Values]]:
    given = GivenVoucher.objects.filter(given_at__gte=day.starts_at, given_at__lt=day.ends_at).order_by()
    for part in chunks(given.values_list("decision_id", "voucher_id").iterator(), MOST_AT_ONCE):
        rules = _rules_of(decision for decision, _voucher in part)
        of_voucher = {voucher: rules[decision] for decision, voucher in part if decision in rules}
        yield from (((rule, VOUCHER, ""), (number, 0)) for rule, number in Counter(of_voucher.values()).items())
        for source in DISCOUNTS:
            for voucher, by_currency in source.read(of_voucher).items():
                yield from (((of_voucher[voucher], DISCOUNT, name), (0, amount)) for name, amount in by_currency.items())


def _rules_of(decision_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    found: dict[UUID, str] = {}
    for part in chunks(decision_ids):
        rows = Decision.objects.filter(pk__in=part).order_by().values_list("pk", "version__rule_id")
        found.update((pk, str(rule_id)) for pk, rule_id in rows)
    return found


def begins() -> datetime | None:
    """Return when the oldest decision that is kept was made: nothing can begin with an offer before it."""
    return Decision.objects.order_by("eligible_at").values_list("eligible_at", flat=True).first()


RULE_COSTS = declare(
    Rollup(
        name=NAME,
        keys=("rule", "what", "currency"),
        values=("number", "amount"),
        count=count_rule_costs,
        open_days=lambda: OPEN_DAYS,
        reads=("decisions", "conversations", "auto_answers", "given_vouchers"),
        begins=begins,
    )
)
