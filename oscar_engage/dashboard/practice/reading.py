"""How did it go, in words? A sitting with each of its shoppers, those of one agent over time, and those of all agents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.dashboard.reports.chart import Line, Lines, draw_lines
from oscar_engage.dashboard.templatetags.engage_numbers import percent
from oscar_engage.desk.models import Agent
from oscar_engage.desk.practice.judge import Ending, Result, read_result
from oscar_engage.desk.practice.models import Practice, PracticeChat
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.topics.models import Topic
from oscar_engage.desk.topics.store import active_topics

MOST_SITTINGS = 30
"""Sittings that a page lists, the latest."""

SLOW = 45.0
"""Seconds to a first answer from which on we advise to write a first line sooner: the hardest shoppers wait no longer."""

_ADVICE: tuple[tuple[Callable[[PracticeChat], bool], Any], ...] = (
    (
        lambda chat: chat.ended_as == Ending.LOST,
        gettext_lazy(
            "Write one short line at once, such as “One moment, I'll look that up”: who knows that somebody is there waits."
        ),
    ),
    (lambda chat: chat.slips > 0, gettext_lazy("Read below what is better left unsaid, and what you could say instead.")),
    (
        lambda chat: chat.met < chat.needs,
        gettext_lazy(
            "Before you send, read the question once more: is each part of it answered? What was missed stands below."
        ),
    ),
    (
        lambda chat: (chat.first_response or 0.0) > SLOW,
        gettext_lazy("All was there. Next time, begin with a greeting at once, and look things up after it."),
    ),
    (
        lambda chat: chat.is_topic_right is False,
        gettext_lazy("All was there. Look at the topics once more: reports are only as good as they are."),
    ),
)
"""What helps most, first: when it holds of a shopper, and its words."""

_NEXT = gettext_lazy("All was there, in time and in the right tone. Try a harder mixture, or one shopper more at once.")

_BADGES = {Ending.RESOLVED: "in-time", Ending.LOST: "late", Ending.UNHELPED: "late", Ending.CLOSED: "soon"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """One shopper of a sitting. ``right_topic``: the name of the one that fits, where another was chosen."""

    chat: PracticeChat
    result: Result | None
    badge: str
    first: str
    middle: str
    longest: str
    is_kept: bool
    topic: str
    right_topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Several shoppers together; shares in words, empty where there is nothing to share. Stopped ones do not count."""

    shoppers: int
    helped: int
    met: int
    needs: int
    slips: int
    first: float | None

    @property
    def share(self) -> float | None:
        """The share of needs that were met."""
        return self.met / self.needs if self.needs else None

    @property
    def share_words(self) -> str:
        """The same in words."""
        return percent(self.share)

    @property
    def first_words(self) -> str:
        """The median time to the first answer."""
        return say_duration(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A sitting as a row of the history."""

    practice: Practice
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The sittings of one agent, the latest first, and two pictures of them from the first to the last."""

    sittings: tuple[Sitting, ...]
    found: Lines | None
    answered: Lines | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """What one agent has practised."""

    agent_id: int
    name: str
    sittings: int
    last_at: datetime
    sums: Sums


def read_sitting(practice: Practice) -> list[Went]:
    """Return each shopper of ``practice``; two queries."""
    topics = active_topics()
    return [_went(chat, practice, topics) for chat in practice.chats.order_by("begins", "pk")]


def sum_up(chats: Iterable[PracticeChat]) -> Sums:
    """Return the sums over those of ``chats`` that were judged."""
    judged = [chat for chat in chats if chat.result is not None and chat.ended_as != Ending.STOPPED]
    firsts = [chat.first_response for chat in judged if chat.first_response is not None]
    return Sums(
        shoppers=len(judged),
        helped=sum(chat.ended_as == Ending.RESOLVED for chat in judged),
        met=sum(chat.met for chat in judged),
        needs=sum(chat.needs for chat in judged),
        slips=sum(chat.slips for chat in judged),
        first=median(firsts) if firsts else None,
    )


def advise(went: Sequence[Went]) -> str:
    """Return the one piece of advice that helps most, in words; empty where nothing was judged."""
    chats = [one.chat for one in went if one.result is not None]
    if not chats:
        return ""
    return next((str(words) for holds, words in _ADVICE if any(holds(chat) for chat in chats)), str(_NEXT))


def read_history(agent: Agent) -> History:
    """Return the ended sittings of ``agent``; two queries."""
    rows = Practice.objects.filter(agent=agent, ended_at__isnull=False).prefetch_related("chats")
    latest = rows.order_by("-started_at", "-pk")[:MOST_SITTINGS]
    sittings = tuple(Sitting(practice=one, sums=sum_up(one.chats.all())) for one in latest)
    judged = [one for one in reversed(sittings) if one.sums.shoppers]
    return History(
        sittings=sittings,
        found=_draw(judged, lambda sums: sums.share, percent),
        answered=_draw(judged, lambda sums: sums.first, say_duration),
    )


def read_agents() -> tuple[list[AgentRow], list[str]]:
    """Return what each agent has practised, who did so last first, and the names of those who have not; four queries."""
    judged = Q(result__isnull=False) & ~Q(ended_as=Ending.STOPPED)
    chats = PracticeChat.objects.filter(judged, practice__ended_at__isnull=False)
    rows = chats.values("practice__agent_id", "practice__agent__display_name").annotate(
        sittings=Count("practice", distinct=True),
        last_at=Max("practice__started_at"),
        shoppers=Count("pk"),
        helped=Count("pk", filter=Q(ended_as=Ending.RESOLVED)),
        all_met=Sum("met"),
        all_needs=Sum("needs"),
        all_slips=Sum("slips"),
    )
    firsts: dict[int, list[float]] = {}
    for agent_id, seconds in chats.filter(first_response__isnull=False).values_list("practice__agent_id", "first_response"):
        firsts.setdefault(agent_id, []).append(seconds or 0.0)
    found = [_agent_row(row, firsts.get(row["practice__agent_id"], [])) for row in rows.order_by("-last_at")]
    return found, _others([row.agent_id for row in found])


def _others(practised: Sequence[int]) -> list[str]:
    """Return the names of the other agents who may still log in; the shop's users may be in another database than ours."""
    others = Agent.objects.exclude(pk__in=practised).order_by("display_name").values_list("user_id", "display_name")
    active = get_user_model().objects.filter(pk__in=[user_id for user_id, _name in others], is_active=True)
    there = set(active.values_list("pk", flat=True))
    return [name for user_id, name in others if user_id in there]


def _agent_row(row: Mapping[str, Any], firsts: Sequence[float]) -> AgentRow:
    return AgentRow(
        agent_id=row["practice__agent_id"],
        name=row["practice__agent__display_name"],
        sittings=row["sittings"],
        last_at=row["last_at"],
        sums=Sums(
            shoppers=row["shoppers"],
            helped=row["helped"],
            met=row["all_met"],
            needs=row["all_needs"],
            slips=row["all_slips"],
            first=median(firsts) if firsts else None,
        ),
    )


def _went(chat: PracticeChat, practice: Practice, topics: Sequence[Topic]) -> Went:
    names = {topic.slug: topic.name for topic in topics}
    result = None if chat.result is None or chat.ended_as == Ending.STOPPED else read_result(chat.result)
    right = SCRIPTS.get(chat.script).topic if chat.script in SCRIPTS else ""
    longest = result.longest if result else None
    return Went(
        chat=chat,
        result=result,
        badge=_BADGES.get(Ending(chat.ended_as), "off") if chat.ended_as else "off",
        first=say_duration(result.first) if result else "",
        middle=say_duration(result.middle) if result else "",
        longest=say_duration(longest),
        is_kept=longest is not None and longest <= practice.promise,
        topic=names.get(chat.topic, chat.topic),
        right_topic=names.get(right, "") if chat.is_topic_right is False else "",
    )


def _draw(sittings: Sequence[Sitting], value: Callable[[Sums], float | None], say: Callable[[float], str]) -> Lines | None:
    """Return the line over the sittings; ``None`` for fewer than two, which are no line."""
    values = [value(one.sums) for one in sittings]
    if sum(known is not None for known in values) < 2:  # noqa: PLR2004 - a line's ends
        return None
    days = [timezone.localtime(one.practice.started_at).date() for one in sittings]
    return draw_lines(days, [Line("", values)], say=say, say_day=lambda day: date_format(day, "SHORT_DATE_FORMAT"))
