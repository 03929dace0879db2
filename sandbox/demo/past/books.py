"""What did the shop keep in its books? Agents' hours, what things cost, and how many had called before there was a desk."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.costs.store import save_period
from oscar_engage.analytics.volumes.check import VolumeRow
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.analytics.volumes.store import import_volumes
from oscar_engage.models import AgentHour
from sandbox.demo.past.effects import DAYS
from sandbox.demo.past.talks import CLOSES, OPENS, SATURDAY

BEFORE = 90
"""Days before the first of the past of which the contact centre's volumes are known."""

VOLUMES: tuple[tuple[Channel, str, int, int], ...] = (
    (Channel.CALL, "delivery", 12, 6),
    (Channel.CALL, "order", 9, 6),
    (Channel.CALL, "product", 7, 3),
    (Channel.MAIL, "return", 8, 6),
    (Channel.MAIL, "delivery", 6, 3),
    (Channel.MAIL, "payment", 4, 3),
)
"""Channel, topic, and how many on a working day: before, and since."""

CALL_MINUTES, MAIL_MINUTES = 7, 6


def write_hours(agents: Sequence[int], midnight: datetime, chance: random.Random) -> None:
    """Write for how long the agents were there: nine to five from Monday to Friday."""
    rows = []
    for ago in range(DAYS, 0, -1):
        opens = midnight - timedelta(days=ago) + timedelta(hours=OPENS.hour)
        if opens.weekday() >= SATURDAY:
            continue
        for hour in range(CLOSES.hour - OPENS.hour):
            for agent in agents:
                away = chance.choice((0, 0, 300, 600, 1800))
                online, busy = 3600 - away, chance.randrange(700, 1700)
                rows.append(
                    AgentHour(
                        agent_id=agent,
                        hour=opens + timedelta(hours=hour),
                        online=online,
                        away=away,
                        busy=busy,
                        used=busy * chance.randrange(10, 16),
                        room=online * 30,
                    )
                )
    AgentHour.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def write_costs(first: date, *, now: datetime) -> None:
    """Write what an hour, a note, a mail and a call cost; not where somebody has said so already."""
    if CostPeriod.objects.exists():
        return
    period = CostPeriod(
        starts_on=first - timedelta(days=BEFORE),
        currency="GBP",
        agent_hour=Decimal(24),
        chats_at_once=Decimal("1.5"),
        note_minutes=Decimal(6),
        chat_minutes=Decimal(6),
        mail_minutes=Decimal(MAIL_MINUTES),
        call_minutes=Decimal(CALL_MINUTES),
        call_fee=Decimal("0.40"),
        self_served=Decimal("0.05"),
        before=Decimal("3.20"),
    )
    save_period(period, user=None, now=now)


def write_volumes(first: date, *, now: datetime, chance: random.Random) -> None:
    """Import what the contact centre counted, before ``first`` and since; not where somebody has imported already."""
    if ContactVolume.objects.exists():
        return
    rows = []
    for number in range(BEFORE + DAYS):
        day = first - timedelta(days=BEFORE - number)
        quiet = 1.0 if day.weekday() < SATURDAY else 0.3
        for channel, topic, before, since in VOLUMES:
            usual = (before if day < first else since) * quiet
            contacts = max(0, round(chance.gauss(usual, usual**0.5)))
            minutes = Decimal(contacts * (CALL_MINUTES if channel is Channel.CALL else MAIL_MINUTES))
            rows.append(VolumeRow(day=day, channel=channel, topic=topic, contacts=contacts, minutes=minutes))
    import_volumes(rows, user=None, now=now)
