"""Where does the help centre join what is there? The shopper's pages, the dashboard, the answers, the personal registry."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from oscar_engage.answers.sources import SOURCES
from oscar_engage.dashboard.joined import AREAS, QUESTION_LINKS, REPLY_LINKS, JoinedArea, QuestionLink, ReplyLink
from oscar_engage.dashboard.navigation import append_entry
from oscar_engage.helpcenter import blocks, due, personal, urls  # noqa: F401 - importing the first three registers them
from oscar_engage.helpcenter.dashboard import urls as dashboard_urls
from oscar_engage.helpcenter.source import HelpCentre
from oscar_engage.storefront.joined import JOINED, HelpLink, Joined

NAME = "help centre"
_SEE = ("view_helparticle",)
_CHANGE = ("view_helparticle", "change_helparticle")
_PUBLISH = ("view_helparticle", "publish_helparticle")

AREA = JoinedArea(
    app_label="engage_helpcenter",
    patterns=dashboard_urls.build_urls,
    codenames={
        "engage-articles": _SEE,
        "engage-article-create": _CHANGE,
        "engage-article-edit": _CHANGE,
        "engage-article-figures": _SEE,
        "engage-unanswered": _SEE,
        "engage-article-from-reply": _CHANGE,
        "engage-article-from-question": _CHANGE,
        "engage-article-add-question": _CHANGE,
        "engage-article-from-search": _CHANGE,
        "engage-article-history": _SEE,
        "engage-article-roll-back": _CHANGE,
        "engage-article-publish": _PUBLISH,
        "engage-article-unpublish": _PUBLISH,
        "engage-article-delete": _PUBLISH,
        "engage-article-submit": _CHANGE,
        "engage-article-decide": _SEE,
        "engage-help-topics": _SEE,
        "engage-help-topic-create": _CHANGE,
        "engage-help-topic-edit": _CHANGE,
        "engage-help-topic-delete": _CHANGE,
    },
    entries=((_("Help articles"), "engage-articles"), (_("Questions nothing answers"), "engage-unanswered")),
    roles={
        "Engage article writers": _CHANGE,
        "Engage merchandisers": (*_CHANGE, "publish_helparticle"),
        "Engage supervisors": _CHANGE,
    },
)
"""Who decides about what somebody asked for is said by the workflow's own step, and asked by the view."""


def join() -> None:
    """Register everything once; ``ready()`` may run more than once in a process."""
    if NAME in SOURCES:
        return
    SOURCES.register(NAME, HelpCentre())
    JOINED.register(
        NAME, Joined(patterns=urls.build_urls, links=(HelpLink(label=_("Help centre"), url_name="engage:help-centre"),))
    )
    AREAS.register(NAME, AREA)
    REPLY_LINKS.register(
        NAME,
        ReplyLink(
            label=_("Make an article of this"),
            url_name="engage_dashboard:engage-article-from-reply",
            permission="engage_helpcenter.change_helparticle",
        ),
    )
    QUESTION_LINKS.register(
        NAME,
        QuestionLink(
            label=_("Write an article"),
            url_name="engage_dashboard:engage-article-from-question",
            permission="engage_helpcenter.change_helparticle",
        ),
    )
    for label, url_name in AREA.entries:
        append_entry(label, url_name)
    if apps.is_installed("oscar_engage.dashboard"):
        config: Any = apps.get_app_config("engage_dashboard")
        config.configure_permissions()  # its own ready() may have run before ours
