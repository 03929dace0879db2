"""The dashboard's addresses, area by area. Names are unique over all of Oscar's dashboard apps, hence their prefix."""

from django.urls import URLPattern, path

from oscar_engage.dashboard.desk import views as desk
from oscar_engage.dashboard.engagements import views as engagements
from oscar_engage.dashboard.health import views as health
from oscar_engage.dashboard.index import IndexView
from oscar_engage.dashboard.privacy import views as privacy
from oscar_engage.dashboard.reports import anchors
from oscar_engage.dashboard.reports import views as reports
from oscar_engage.dashboard.rules import views as rules
from oscar_engage.dashboard.rules.library import LibraryView
from oscar_engage.dashboard.visits import views as visits


def build_urls() -> list[URLPattern]:
    """Return new patterns for every page."""
    return [
        path("", IndexView.as_view(), name="engage-index"),
        path("desk/", desk.DeskView.as_view(), name="engage-desk"),
        path("desk/queue/", desk.QueueView.as_view(), name="engage-desk-queue"),
        path("desk/presence/", desk.PresenceView.as_view(), name="engage-presence"),
        path("desk/<str:public_id>/", desk.ConversationView.as_view(), name="engage-conversation"),
        path("desk/<str:public_id>/messages/", desk.MessagesView.as_view(), name="engage-conversation-messages"),
        path("desk/<str:public_id>/reply/", desk.ReplyView.as_view(), name="engage-conversation-reply"),
        path("desk/<str:public_id>/take/", desk.TakeView.as_view(), name="engage-conversation-take"),
        path("desk/<str:public_id>/close/", desk.CloseView.as_view(), name="engage-conversation-close"),
        path("rules/", rules.RuleListView.as_view(), name="engage-rules"),
        path("rules/new/", rules.RuleEditorView.as_view(), name="engage-rule-create"),
        path("rules/ready/", LibraryView.as_view(), name="engage-rule-library"),
        path("rules/<int:pk>/", rules.RuleEditorView.as_view(), name="engage-rule-edit"),
        path("rules/<int:pk>/publish/", rules.RulePublishView.as_view(), name="engage-rule-publish"),
        path("rules/<int:pk>/pause/", rules.RulePauseView.as_view(), name="engage-rule-pause"),
        path("engagements/", engagements.EngagementListView.as_view(), name="engage-engagements"),
        path("engagements/new/", engagements.EngagementEditorView.as_view(), name="engage-engagement-create"),
        path("engagements/<int:pk>/", engagements.EngagementEditorView.as_view(), name="engage-engagement-edit"),
        path("visits/", visits.VisitsView.as_view(), name="engage-visits"),
        path("visits/<uuid:pk>/", visits.VisitView.as_view(), name="engage-visit"),
        path("reports/", reports.ReportListView.as_view(), name="engage-reports"),
        path("reports/places/", anchors.AnchorListView.as_view(), name="engage-report-places"),
        path("reports/places/<str:slot>/", anchors.AnchorView.as_view(), name="engage-report-place"),
        path("reports/leaving/", reports.ExitsView.as_view(), name="engage-exits"),
        path("reports/<int:pk>/", reports.ReportView.as_view(), name="engage-report"),
        path("health/", health.HealthView.as_view(), name="engage-health"),
        path("health/switch/", health.SwitchView.as_view(), name="engage-switch"),
        path("health/jobs/<int:pk>/retry/", health.RetryJobView.as_view(), name="engage-job-retry"),
        path("privacy/", privacy.SearchView.as_view(), name="engage-privacy"),
        path("privacy/erasures/<uuid:pk>/", privacy.ErasureView.as_view(), name="engage-privacy-erasure"),
        path("privacy/<str:handle>/", privacy.PersonView.as_view(), name="engage-privacy-person"),
        path("privacy/<str:handle>/export/", privacy.ExportView.as_view(), name="engage-privacy-export"),
        path("privacy/<str:handle>/erase/", privacy.EraseView.as_view(), name="engage-privacy-erase"),
    ]
