"""What should the author know before publishing? The hints on a draft, each with the field it speaks of.

They keep nobody from saving. What is wrong is said at the fields when the rule is saved; before that only what contradicts
itself, which nothing at the fields shows, and which is no hint.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.dashboard.rules.inputs import id_of
from oscar_engage.rules.engine.explain import locate
from oscar_engage.rules.engine.segments import expand, segment_of
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.lints.hints import Higher, Lint, LintKind, find_foreign, find_lints, find_shadow
from oscar_engage.rules.live import LiveRule, live_rules
from oscar_engage.rules.models import Rule, RulePurpose
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.validate import find_impossible
from oscar_engage.widgets.models import Engagement


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The engagements that a rule can choose: kind of widget and title by slug, and the keys of those not active yet."""

    kinds: Mapping[str, str]
    titles: Mapping[str, str]
    inactive: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which rule it is (``None``: a new one), and the priority and purpose that are typed in the form."""

    pk: int | None
    priority: int
    is_service: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint: ``id`` is the HTML id of its field, ``url`` where to see to it (empty: here).

    ``is_refused``: it is none, for the rule is not saved so.
    """

    id: str
    message: str
    url: str = ""
    is_refused: bool = False


def read_choices() -> Choices:
    """Return the shop's engagements, with one query."""
    rows = list(Engagement.objects.order_by("slug").values_list("slug", "widget", "title", "is_active", "pk"))
    return Choices(
        kinds={slug: widget for slug, widget, _title, _active, _pk in rows},
        titles={slug: _titled(slug, title, is_active=is_active) for slug, _widget, title, is_active, _pk in rows},
        inactive={slug: pk for slug, _widget, _title, is_active, pk in rows if not is_active},
    )


def standing_of(rule: Rule, typed: Mapping[str, str]) -> Standing:
    """Return where ``rule`` stands by the form as it is ``typed``, or as it is stored."""
    priority = typed.get("priority", "")
    return Standing(
        pk=rule.pk,
        priority=int(priority) if priority.removeprefix("-").isdecimal() and len(priority) < 10 else rule.priority,  # noqa: PLR2004 - what the column holds
        is_service=typed.get("purpose", rule.purpose) == RulePurpose.SERVICE,
    )


def read_hints(raw: Raw, standing: Standing, choices: Choices, *, segments: Texts, now: datetime) -> list[Hint]:
    """Return the hints on a draft that is complete; on any other, none. Asks for the names of the rules above, if need be.

    ``segments`` are the shop's; what is to be said of one that is written out stands at the condition that names it.
    """
    document, errors = read_document(to_document(raw), segments=segments)
    if errors:
        return []
    written_out = expand(document)
    ours = str(getattr(settings, "OSCAR_DEFAULT_CURRENCY", ""))
    said = (*find_lints(written_out), *find_foreign(written_out, ours))
    lints = list(dict.fromkeys(_in_the_form(lint, document) for lint in said))
    if not any(lint.kind == LintKind.NEVER for lint in lints):
        lints += _shadow(written_out, standing, now=now)
    refused = find_impossible(document)
    wrong = [Hint(id=id_of(error.path), message=error.message, is_refused=True) for error in refused]
    hints = (_hint(lint) for lint in lints if not _is_said(lint, refused))
    return [*wrong, *hints, *_inactive(document, choices)]


def _is_said(lint: Lint, refused: Iterable[FieldError]) -> bool:
    """Whether the rule is refused for the very thing that ``lint`` speaks of: one message is enough."""
    return lint.kind == LintKind.NEVER and any(
        f"{error.path}.".startswith((f"{lint.path}.", f"{lint.path}[")) for error in refused
    )


def _in_the_form(lint: Lint, document: Document) -> Lint:
    named = (path for path, condition in locate(document) if segment_of(condition.field) is not None)
    place = next((path for path in named if lint.path == path or lint.path.startswith((f"{path}.", f"{path}["))), None)
    return lint if place is None else replace(lint, path=f"{place}.field")


def _shadow(document: Document, standing: Standing, *, now: datetime) -> Iterable[Lint]:
    above = [rule for rule in live_rules(now) if _goes_before(rule, standing)]
    if not above:
        return ()
    names = dict(Rule.objects.filter(pk__in=[rule.rule_id for rule in above]).values_list("pk", "name"))
    lint = find_shadow(
        document,
        [
            Higher(name=names.get(rule.rule_id, str(rule.rule_id)), priority=rule.priority, document=rule.document)
            for rule in above
        ],
    )
    return () if lint is None else (lint,)


def _goes_before(rule: LiveRule, standing: Standing) -> bool:
    """Whether a live rule always comes first: not for a while only, and wherever ours may act."""
    is_above = (rule.priority, rule.rule_id) < (standing.priority, standing.pk or float("inf"))
    is_lasting = rule.starts_at is None and rule.ends_at is None
    return is_above and is_lasting and rule.rule_id != standing.pk and (rule.is_service or not standing.is_service)


def _hint(lint: Lint) -> Hint:
    return Hint(id="id_priority" if lint.kind == LintKind.SHADOWED else id_of(lint.path), message=lint.message)


def _inactive(document: Document, choices: Choices) -> Iterable[Hint]:
    places = [(f"branches[{index}].then[0]", branch.then) for index, branch in enumerate(document.branches)]
    for path, actions in (*places, ("else[0]", document.otherwise)):
        named = [(name, slug) for one in actions for name, slug in (("engagement", one.engagement), ("fallback", one.fallback))]
        for name, slug in (pair for pair in named if pair[1] in choices.inactive):
            message = _("“%(name)s” is not active yet, so shoppers do not see it. Read its words and activate it.")
            url = reverse("engage_dashboard:engage-engagement-edit", args=[choices.inactive[slug]])
            yield Hint(id=id_of(f"{path}.with.{name}"), message=message % {"name": slug}, url=url)


def _titled(slug: str, title: str, *, is_active: bool) -> str:
    words = {"title": title, "name": slug}
    return _("%(title)s (%(name)s)") % words if is_active else _("%(title)s (%(name)s), not active yet") % words
