"""Who may open which page? One map from URL name to permissions, and the roles we suggest to a shop."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import Group, Permission
from oscar.core.loading import get_class

from oscar_engage.dashboard.joined import AREAS

APP_LABEL = "oscar_engage"

CODENAMES: Mapping[str, tuple[str, ...]] = {
    "engage-rules": ("view_rule",),
    "engage-rule-create": ("view_rule", "change_rule"),
    "engage-rule-library": ("view_rule", "change_rule", "view_engagement", "change_engagement"),
    "engage-rule-edit": ("view_rule", "change_rule"),
    "engage-priorities": ("view_rule",),
    "engage-priorities-save": ("view_rule", "publish_rule"),
    "engage-rules-export": ("view_rule",),
    "engage-rules-import": ("view_rule", "change_rule"),
    "engage-rule-history": ("view_rule",),
    "engage-rule-publish": ("view_rule", "publish_rule"),
    "engage-rule-ask": ("view_rule", "change_rule"),
    "engage-rule-send-back": ("view_rule", "publish_rule"),
    "engage-rule-pause": ("view_rule", "change_rule"),
    "engage-rule-archive": ("view_rule", "change_rule"),
    "engage-rule-take-back": ("view_rule", "change_rule"),
    "engage-rule-roll-back": ("view_rule", "change_rule"),
    "engage-segments": ("view_rule",),
    "engage-segment-create": ("view_rule", "change_rule"),
    "engage-segment-edit": ("view_rule", "change_rule"),
    "engage-segment-delete": ("view_rule", "change_rule"),
    "engage-segment-publish": ("view_rule", "publish_rule"),
    "engage-rule-why": ("view_rule", "view_visit"),
    "engage-rule-dry-run": ("view_rule", "change_rule"),
    "engage-rule-matches": ("view_rule", "change_rule"),
    "engage-dry-run": ("view_rule", "change_rule"),
    "engage-dry-run-cancel": ("view_rule", "change_rule"),
    "engage-engagements": ("view_engagement",),
    "engage-engagement-create": ("view_engagement", "change_engagement"),
    "engage-engagement-edit": ("view_engagement", "change_engagement"),
    "engage-anchors": ("view_engagement",),
    "engage-anchor-pick": ("view_engagement", "change_engagement"),
    "engage-anchor-bar": ("view_engagement", "change_engagement"),
    "engage-anchor-delete": ("view_engagement", "change_engagement"),
    "engage-engagement-page": ("view_engagement",),
    "engage-engagement-figures": ("view_engagement", "view_decision"),
    "engage-engagement-history": ("view_engagement",),
    "engage-engagement-publish": ("view_engagement", "publish_engagement"),
    "engage-engagement-ask": ("view_engagement", "change_engagement"),
    "engage-engagement-send-back": ("view_engagement", "publish_engagement"),
    "engage-engagement-switch": ("view_engagement", "change_engagement"),
    "engage-engagement-roll-back": ("view_engagement", "change_engagement"),
    "engage-desk": ("view_conversation", "change_conversation"),
    "engage-desk-news": ("view_conversation", "change_conversation"),
    "engage-desk-search": ("view_conversation", "change_conversation"),
    "engage-desk-next": ("view_conversation", "change_conversation"),
    "engage-presence": ("view_conversation", "change_conversation"),
    "engage-conversation": ("view_conversation", "change_conversation"),
    "engage-conversation-messages": ("view_conversation", "change_conversation"),
    "engage-conversation-reply": ("view_conversation", "change_conversation"),
    "engage-conversation-take": ("view_conversation", "change_conversation"),
    "engage-conversation-close": ("view_conversation", "change_conversation"),
    "engage-conversation-wrap-up": ("view_conversation", "change_conversation"),
    "engage-card": ("view_conversation", "change_conversation"),
    "engage-context": ("view_conversation", "change_conversation"),
    "engage-conversation-page": ("view_conversation", "change_conversation"),
    "engage-shared-page": ("view_conversation", "change_conversation"),
    "engage-shared-ask": ("view_conversation", "change_conversation"),
    "engage-shared-code": ("view_conversation", "change_conversation"),
    "engage-shared-talk": ("view_conversation", "change_conversation"),
    "engage-shared-end": ("view_conversation", "change_conversation"),
    "engage-shared-recording": ("view_conversation", "change_conversation"),
    "engage-aside": ("view_conversation", "change_conversation"),
    "engage-conversation-notes": ("view_conversation", "change_conversation"),
    "engage-conversation-whisper": ("view_conversation", "change_conversation", "change_agent"),
    "engage-conversation-transfer": ("view_conversation", "change_conversation"),
    "engage-conversation-take-over": ("view_conversation", "change_conversation", "change_agent"),
    "engage-note-delete": ("view_conversation", "change_conversation", "change_agent"),
    "engage-board": ("view_conversation", "change_agent"),
    "engage-board-move": ("view_conversation", "change_conversation", "change_agent"),
    "engage-agent-send-off": ("view_conversation", "change_conversation", "change_agent"),
    "engage-acts": ("view_conversation", "change_conversation", "act_for_shopper"),
    "engage-act-propose": ("view_conversation", "change_conversation", "act_for_shopper"),
    "engage-act-withdraw": ("view_conversation", "change_conversation", "act_for_shopper"),
    "engage-act-reset-mail": ("view_conversation", "change_conversation", "act_for_shopper"),
    "engage-practice": ("view_conversation", "change_conversation"),
    "engage-practice-begin": ("view_conversation", "change_conversation"),
    "engage-practice-sitting": ("view_conversation", "change_conversation"),
    "engage-practice-news": ("view_conversation", "change_conversation"),
    "engage-practice-pause": ("view_conversation", "change_conversation"),
    "engage-practice-stop": ("view_conversation", "change_conversation"),
    "engage-practice-result": ("view_conversation", "change_conversation"),
    "engage-practice-about": ("view_conversation", "change_conversation"),
    "engage-practice-line": ("view_conversation", "change_conversation"),
    "engage-practice-ready": ("view_conversation", "change_conversation"),
    "engage-practice-close": ("view_conversation", "change_conversation"),
    "engage-practice-agents": ("view_conversation", "change_agent"),
    "engage-practice-agent": ("view_conversation", "change_agent"),
    "engage-ladder": ("change_agent",),
    "engage-ladder-step": ("change_agent",),
    "engage-ladder-move": ("change_agent",),
    "engage-promises": ("change_agent",),
    "engage-policy-create": ("change_agent",),
    "engage-policies-ready": ("change_agent",),
    "engage-policy-edit": ("change_agent",),
    "engage-policy-delete": ("change_agent",),
    "engage-opening-hours-create": ("change_agent",),
    "engage-opening-hours-edit": ("change_agent",),
    "engage-opening-hours-delete": ("change_agent",),
    "engage-conversation-move": ("view_conversation", "change_conversation"),
    "engage-surveys": ("view_decision",),
    "engage-survey": ("view_decision",),
    "engage-survey-file": ("view_decision",),
    "engage-survey-create": ("view_engagement", "change_engagement", "view_decision"),
    "engage-survey-edit": ("view_engagement", "change_engagement", "view_decision"),
    "engage-ratings": ("view_conversation", "change_agent"),
    "engage-conversation-compose": ("view_conversation", "change_conversation"),
    "engage-conversation-canned": ("view_conversation", "change_conversation"),
    "engage-attachment": ("view_conversation", "change_conversation"),
    "engage-canned": ("view_conversation", "change_conversation"),
    "engage-canned-create": ("change_agent",),
    "engage-canned-edit": ("change_agent",),
    "engage-canned-delete": ("change_agent",),
    "engage-agents": ("change_agent",),
    "engage-agent-edit": ("change_agent",),
    "engage-skill-create": ("change_agent",),
    "engage-skill-edit": ("change_agent",),
    "engage-skill-delete": ("change_agent",),
    "engage-topic-create": ("change_agent",),
    "engage-topics-usual": ("change_agent",),
    "engage-topic-edit": ("change_agent",),
    "engage-topic-delete": ("change_agent",),
    "engage-queue-create": ("change_agent",),
    "engage-queue-edit": ("change_agent",),
    "engage-queue-delete": ("change_agent",),
    "engage-mailboxes": ("change_agent",),
    "engage-mailbox-create": ("change_agent",),
    "engage-mailbox-edit": ("change_agent",),
    "engage-mailbox-delete": ("change_agent",),
    "engage-mailbox-test": ("change_agent",),
    "engage-conversation-transcript": ("view_conversation", "change_conversation"),
    "engage-visits": ("view_visit",),
    "engage-visit": ("view_visit",),
    "engage-visit-rules": ("view_rule", "view_visit"),
    "engage-reports": ("view_decision",),
    "engage-report": ("view_decision",),
    "engage-report-rules": ("view_decision",),
    "engage-report-funnel": ("view_decision",),
    "engage-report-places": ("view_decision",),
    "engage-report-place": ("view_decision",),
    "engage-exits": ("view_decision",),
    "engage-report-service": ("view_decision",),
    "engage-report-trend": ("view_decision",),
    "engage-volumes-template": ("view_decision",),
    "engage-volumes-import": ("view_decision", "change_contactvolume"),
    "engage-volumes-delete": ("view_decision", "change_contactvolume"),
    "engage-report-costs": ("view_decision",),
    "engage-cost-create": ("view_decision", "change_costperiod"),
    "engage-cost-edit": ("view_decision", "change_costperiod"),
    "engage-cost-delete": ("view_decision", "change_costperiod"),
    "engage-struggles": ("view_decision",),
    "engage-guardrails": ("view_decision",),
    "engage-service-times": ("view_decision",),
    "engage-my-figures": ("view_conversation", "change_conversation"),
    "engage-learning": ("view_decision",),
    "engage-learning-history": ("view_decision",),
    "engage-learn-now": ("view_decision", "change_modelversion"),
    "engage-model-speak": ("view_decision", "change_modelversion"),
    "engage-model-back": ("view_decision", "change_modelversion"),
    "engage-model-silence": ("view_decision", "change_modelversion"),
    "engage-simulator": ("view_decision",),
    "engage-health": ("view_job",),
    "engage-job-retry": ("view_job", "change_job"),
    "engage-switch": ("view_job", "change_switch"),
    "engage-privacy": ("view_erasure",),
    "engage-privacy-person": ("view_erasure",),
    "engage-privacy-export": ("view_erasure",),
    "engage-privacy-erase": ("view_erasure", "change_erasure"),
    "engage-privacy-erasure": ("view_erasure",),
}
"""Every page of the dashboard with what it needs. Being a member of staff alone opens none of them."""

INDEX_PAGES = ("engage-rules", "engage-desk", "engage-reports", "engage-visits", "engage-health", "engage-privacy")
"""Where the short address leads, the first that a user may see; whoever may see one of them may use it."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "Engage agents": ("view_conversation", "change_conversation", "act_for_shopper"),
    "Engage rule writers": ("view_rule", "change_rule", "view_engagement", "change_engagement", "view_decision"),
    "Engage merchandisers": (
        "view_rule",
        "change_rule",
        "publish_rule",
        "view_engagement",
        "change_engagement",
        "publish_engagement",
        "view_decision",
        "view_visit",
        "change_costperiod",
        "change_contactvolume",
        "change_modelversion",
    ),
    "Engage supervisors": (
        "view_rule",
        "view_engagement",
        "view_conversation",
        "change_conversation",
        "act_for_shopper",
        "change_agent",
        "view_decision",
        "view_visit",
        "view_job",
        "change_job",
        "change_switch",
        "change_costperiod",
        "change_contactvolume",
        "change_modelversion",
    ),
    "Engage privacy officers": ("view_erasure", "change_erasure"),
}
"""The groups we suggest: name and permissions. Their members also need Oscar's ``is_staff`` to see its dashboard."""


def permissions_map() -> dict[str, Sequence[str] | tuple[Sequence[str], ...]]:
    """Return Oscar's ``permissions_map``, through the shop's own ``DashboardPermission`` where it has overridden it.

    A list is needed as a whole; of a tuple of lists, one is enough.
    """
    dashboard_permission = get_class("dashboard.permissions", "DashboardPermission")
    pages = {name: dashboard_permission.get(APP_LABEL, *codenames) for name, codenames in CODENAMES.items()}
    for area in AREAS:
        pages |= {name: dashboard_permission.get(area.app_label, *codenames) for name, codenames in area.codenames.items()}
    return {**pages, "engage-index": tuple(pages[name] for name in INDEX_PAGES)}


def create_role_groups() -> tuple[Group, ...]:
    """Create the groups of :data:`ROLES`, or complete existing ones; permissions that a shop added stay."""
    groups = {name: _create_group(name, APP_LABEL, codenames) for name, codenames in ROLES.items()}
    for area in AREAS:
        groups |= {name: _create_group(name, area.app_label, codenames) for name, codenames in area.roles.items()}
    return tuple(groups.values())


def _create_group(name: str, app_label: str, codenames: Sequence[str]) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(*Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames))
    return group
