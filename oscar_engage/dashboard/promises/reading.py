"""What do the pages of promises show? Each policy with its conditions in words, each set of hours with who has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.promises.lines import write_lines
from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.dashboard.segments.reading import say_text
from oscar_engage.desk.promises.choose import broken
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.promises.store import check_conditions
from oscar_engage.rules.segments.store import PATH, segment_texts

_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """One line of the list: to whom, what is promised, and by which hours; ``is_broken``: its conditions match nobody."""

    policy: Policy
    words: str
    promise: str
    hours: str
    is_broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    """One line of the list of opening hours: ``policies`` have them."""

    hours: OpeningHours
    words: str
    policies: int


def read_policies() -> list[PolicyRow]:
    """Return all policies, the first to be asked first; with two queries, three where conditions name segments."""
    policies = list(Policy.objects.select_related("opening_hours").order_by("priority", "pk"))
    texts, unreadable = segment_texts(), set(broken(policies))
    return [
        PolicyRow(
            policy=policy,
            words=say_conditions(policy.document, texts),
            promise=say_promise(policy),
            hours=policy.opening_hours.name if policy.opening_hours else _("at any hour"),
            is_broken=policy.pk in unreadable,
        )
        for policy in policies
    ]


def read_hours() -> list[HoursRow]:
    """Return all opening hours by name; one query."""
    listed: list[Any] = list(OpeningHours.objects.annotate(used=Count("policies")).order_by("name"))
    return [
        HoursRow(hours=hours, words=write_lines(hours.weekly) or _("all day, every day"), policies=hours.used)
        for hours in listed
    ]


def say_conditions(document: Any, texts: Mapping[str, Any]) -> str:
    """Return to whom it is promised, in words."""
    return _("Everybody who asks.") if document is None else say_text(document, texts)


def say_promise(policy: Policy) -> str:
    """Return what is promised, in words."""
    words = {"first": say_minutes(policy.first_minutes)}
    if policy.resolve_minutes is None:
        return _("an answer within %(first)s") % words
    words["resolve"] = say_minutes(policy.resolve_minutes)
    return _("an answer within %(first)s, a solution within %(resolve)s") % words


def say_minutes(minutes: int) -> str:
    """Return a duration of open time in words; days are no unit of it, since a day is open for some hours."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours else []
    parts += [ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}] if rest else []
    return " ".join(parts)


def conditions_of(raw: Raw) -> Any:
    """Return the group that the nested form holds; without a line, an empty one."""
    return to_document(raw).get(PATH, {"combinator": "and", "rules": []})


def words_of(raw: Raw, texts: Mapping[str, Any]) -> str:
    """Return to whom the draft promises, or how much of it is missing."""
    document, errors = check_conditions(conditions_of(raw), path=PATH, segments=texts)
    if not errors:
        return say_conditions(document, texts)
    words = ngettext(
        "Not complete yet: %(count)d place to fill in.", "Not complete yet: %(count)d places to fill in.", len(errors)
    )
    return words % {"count": len(errors)}
