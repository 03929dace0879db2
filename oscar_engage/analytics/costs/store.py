"""How do costs change? A period at a time, each change with a line in the trail that says what it was and what it is."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.costs.rates import Channel, Rates
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings

User = AbstractBaseUser | AnonymousUser | None


def read_rates() -> tuple[Rates, ...]:
    """Return all periods, the first to begin first; one query."""
    return tuple(rates_of(period) for period in CostPeriod.objects.order_by("starts_on"))


def rates_of(period: CostPeriod) -> Rates:
    """Return the row as the plain value that sums are made with."""
    typed = {channel: getattr(period, f"{channel.value}_minutes") for channel in Channel}
    return Rates(
        starts_on=period.starts_on,
        currency=period.currency,
        agent_hour=period.agent_hour,
        minutes={channel: minutes for channel, minutes in typed.items() if minutes is not None},
        fees={channel: getattr(period, f"{channel.value}_fee") for channel in Channel},
        chats_at_once=Decimal(period.chats_at_once),
        voucher=period.voucher,
        self_served=period.self_served,
        before=period.before,
    )


def save_period(period: CostPeriod, *, user: User, now: datetime) -> None:
    """Write ``period``, new or not, checked by the caller."""
    with transaction.atomic(using=get_settings().database):
        old = CostPeriod.objects.select_for_update().filter(pk=period.pk).first() if period.pk else None
        period.save()
        before, after = ({} if old is None else _document(old)), _document(period)
        changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
        _note(period.pk, "created" if old is None else "changed", user, now, {"changed": changed})


def delete_period(period: CostPeriod, *, user: User, now: datetime) -> None:
    """Delete ``period``: its days are priced by the one before it, if there is one."""
    with transaction.atomic(using=get_settings().database):
        pk, was = period.pk, _document(period)
        period.delete()
        _note(pk, "deleted", user, now, {"was": was})


def _document(period: CostPeriod) -> dict[str, str | None]:
    names = [field.name for field in CostPeriod._meta.fields if field.name != "id"]
    values = {name: getattr(period, name) for name in names}
    return {name: None if value is None else _write(value) for name, value in values.items()}


def _write(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _note(pk: int, what: str, user: User, now: datetime, detail: dict[str, Any]) -> None:
    record_action(actor=user, action=f"cost_period.{what}", object_kind="cost_period", object_id=pk, now=now, detail=detail)
