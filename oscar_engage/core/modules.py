"""Which parts belong to which module of the product? The one table by which a shop switches modules off.

Parts that no row names belong to no module and are always there: sensing, visits, privacy, health, and every purge, since what
was kept goes in its time whether or not the module that kept it is still on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

Kind = Literal["pages", "addresses", "jobs", "actions", "widgets", "variables", "signals", "steps", "scripts"]
"""The kinds of parts, as the fields of :class:`Module` are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module: what it needs, and its parts by name; a name that ends with ``*`` stands for all that begin so.

    ``needs``: other modules; ``setting``: the field of the settings without which it has nothing to do, empty where it needs
    none. ``pages``: URL names in the dashboard; ``addresses``: the shopper's, in the namespace ``engage``; ``jobs``: kinds that
    wait while it is off; ``actions``, ``variables`` and ``signals``: what rules do and read; ``widgets``: kinds of engagements;
    ``steps``: of the ladder of help; ``scripts``: file names that no page names while it is off.
    """

    name: str
    needs: tuple[str, ...] = ()
    setting: str = ""
    pages: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    widgets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


_TABLE = (
    Module(
        name="rules",
        pages=(
            *(
                "engage-rule*",
                "engage-priorities*",
                "engage-segment*",
                "engage-dry-run*",
                "engage-engagement*",
                "engage-anchor*",
            ),
            *("engage-visit-rules", "engage-report", "engage-report-rules", "engage-report-funnel", "engage-guardrails"),
            "engage-simulator",
        ),
        addresses=("why", "field-help", "segments"),
        jobs=(
            *("rollup.lift", "rollup.funnel*", "rollup.guardrail*", "rollup.rule_costs"),
            *("dry_run.chunk", "moments.fill", "picked.*"),
        ),
        actions=("show.balloon", "offer.note"),
        widgets=("balloon", "note", "field"),
        scripts=("offer.js", "picked.js", "field_help.js", "segment.js", "picker.js", "picker.css", "preview.js"),
    ),
    Module(
        name="surveys",
        needs=("rules",),
        pages=("engage-survey*",),
        addresses=("survey",),
        actions=("ask.survey",),
        widgets=("survey",),
        variables=("visit.survey_answer",),
        signals=("survey.answered",),
        scripts=("survey.js",),
    ),
    Module(
        name="learning",
        needs=("rules",),
        pages=("engage-learn*", "engage-model-*"),
        jobs=("learning.*", "rollup.leads"),
        variables=("visit.lead", "visit.propensity", "visit.uplift", "visit.exit_chance"),
    ),
    Module(
        name="desk",
        pages=(
            *("engage-desk*", "engage-conversation*", "engage-presence", "engage-card", "engage-context", "engage-aside"),
            *("engage-note-delete", "engage-board*", "engage-act*", "engage-agent*", "engage-skill*", "engage-topic*"),
            *("engage-queue*", "engage-promises", "engage-polic*", "engage-opening-hours*", "engage-attachment"),
            *("engage-canned*", "engage-mailbox*", "engage-ladder*", "engage-ratings", "engage-my-figures"),
            *("engage-service-times", "engage-report-service", "engage-report-trend", "engage-volumes*"),
            *("engage-article-from-reply", "engage-article-from-question", "engage-article-add-question"),
        ),
        addresses=(
            *(
                "note*",
                "suggest",
                "self-served",
                "chat-detail",
                "chat-messages",
                "chat-close",
                "chat-rating",
                "chat-transcript",
            ),
            *("call-detail", "call-cancel*", "act", "attachment", "questions", "find", "found", "answer*"),
        ),
        jobs=(
            *("desk.answer_*", "desk.expire_leases", "desk.rest*", "desk.settle_silent", "desk.look_at_staffing"),
            *("desk.sweep_looks", "desk.find_mail", "desk.mail_receipt", "desk.fetch_mail", "desk.transcript_mail"),
            *("desk.promises", "account.reset_mail", "staffing.agents*"),
            *("rollup.contacts", "rollup.self_help", "rollup.service_*", "rollup.staff_hours", "rollup.satisfaction"),
        ),
        actions=("offer.note",),
        widgets=("note",),
        variables=("visitor.questions", "visitor.open_questions", "visitor.last_rating", "help.contacts", "help.is_bypassed"),
        signals=("help.contact_opened", "help.bypassed", "answers.found", "answers.self_resolved"),
        steps=("answer", "note"),
        scripts=("note.js", "suggest.js", "canned.js", "console.js", "board.js", "board.css", "desk_push.js"),
    ),
    Module(
        name="chat",
        needs=("desk",),
        pages=("engage-practice*",),
        addresses=("chat", "chat-new", "chat-events", "chat-instead"),
        jobs=("desk.sweep_holds", "desk.measure_dialer"),
        actions=("invite.chat",),
        widgets=("invitation",),
        variables=("desk.free_agents", "desk.expected_wait"),
        signals=("widget.ignored",),
        steps=("chat",),
        scripts=("chat.js", "push.js"),
    ),
    Module(
        name="calls",
        needs=("desk",),
        pages=("engage-call*",),
        addresses=("call", "call-new", "call-confirm"),
        jobs=("desk.calls.*",),
        actions=("offer.call",),
        widgets=("call",),
        steps=("call",),
    ),
    Module(
        name="shared_page",
        needs=("chat",),
        setting="snapshot_pages",
        pages=("engage-shared-*",),
        addresses=("live*",),
        jobs=("sharing.end_dead",),
        steps=("page",),
        scripts=("share.js", "record.js", "replay.js", "sharing.css"),
    ),
    Module(
        name="voices",
        needs=("chat",),
        setting="voices",
        pages=("engage-voice-*",),
        addresses=("voice*",),
        steps=("voice",),
        scripts=("voices.js", "desk_voices.js", "voices.css"),
    ),
    Module(
        name="outside",
        needs=("desk",),
        pages=("engage-outside*",),
        addresses=("outside-desk",),
        jobs=("outside.carry", "outside.fetch", "outside.tell", "outside.sweep"),
    ),
)

MODULES: Mapping[str, Module] = {module.name: module for module in _TABLE}
"""The modules by name, in the order in which the documentation tells of them.

What names a part in two modules needs both: a sticky note is offered by a rule and answered at the desk.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)


@lru_cache(maxsize=64)
def switched_off(named: tuple[str, ...]) -> frozenset[str]:
    """Return the modules that are off when the shop switches off those ``named``: these, and whatever needs one of them."""
    off = set(named)
    for module in MODULES.values():  # a row stands below what it needs
        if off.intersection(module.needs):
            off.add(module.name)
    return frozenset(off)


def left_without(named: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each module that the shop left on while it switched off one that it needs, with that one."""
    off = set(named)
    for module in MODULES.values():
        if module.name not in off:
            yield from ((module.name, need) for need in module.needs if need in off)


@lru_cache(maxsize=4096)
def owners(kind: Kind, name: str) -> frozenset[str]:
    """Return the modules that the part ``name`` of that ``kind`` belongs to; none for what is always there."""
    return frozenset(module.name for module in MODULES.values() if _names(getattr(module, kind), name))


def _names(patterns: Iterable[str], name: str) -> bool:
    return any(name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1])) for pattern in patterns)
