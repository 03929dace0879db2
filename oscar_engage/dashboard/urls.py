"""The dashboard's addresses, area by area. Names are unique over all of Oscar's dashboard apps, hence their prefix."""

from django.urls import URLPattern, path

from oscar_engage.dashboard.acts import views as acts
from oscar_engage.dashboard.agents import topic_views as topics
from oscar_engage.dashboard.agents import views as agents
from oscar_engage.dashboard.anchors import views as picked
from oscar_engage.dashboard.board import views as board
from oscar_engage.dashboard.calls import plan_views as call_plan
from oscar_engage.dashboard.calls import views as calls
from oscar_engage.dashboard.canned import views as canned
from oscar_engage.dashboard.costs import views as costs
from oscar_engage.dashboard.deflection import views as deflection
from oscar_engage.dashboard.desk import carry_views as carry
from oscar_engage.dashboard.desk import console_views as console
from oscar_engage.dashboard.desk import notes_views as notes
from oscar_engage.dashboard.desk import reply_views as reply
from oscar_engage.dashboard.desk import routing_views as routing
from oscar_engage.dashboard.desk import transfer_views as transfer
from oscar_engage.dashboard.desk import views as desk
from oscar_engage.dashboard.desk import wrap_views as wrap
from oscar_engage.dashboard.desk.page_views import PageView
from oscar_engage.dashboard.desk.search_views import SearchTranscriptsView
from oscar_engage.dashboard.dry_runs import views as dry_runs
from oscar_engage.dashboard.engagements import lifecycle_views as engagement_life
from oscar_engage.dashboard.engagements import views as engagements
from oscar_engage.dashboard.engagements.figures import EngagementFiguresView
from oscar_engage.dashboard.engagements.page_views import EngagementPageView
from oscar_engage.dashboard.health import views as health
from oscar_engage.dashboard.index import IndexView
from oscar_engage.dashboard.joined import area_patterns
from oscar_engage.dashboard.keys import views as keys
from oscar_engage.dashboard.ladder import views as ladder
from oscar_engage.dashboard.learning import acts as learning_acts
from oscar_engage.dashboard.learning import views as learning
from oscar_engage.dashboard.mailboxes import views as mailboxes
from oscar_engage.dashboard.mailboxes.transcript import TranscriptView
from oscar_engage.dashboard.outside import views as outside
from oscar_engage.dashboard.practice import result_views as practised
from oscar_engage.dashboard.practice import views as practice
from oscar_engage.dashboard.priorities import views as priorities
from oscar_engage.dashboard.privacy import views as privacy
from oscar_engage.dashboard.promises import views as promises
from oscar_engage.dashboard.ratings.views import RatingsView
from oscar_engage.dashboard.reports import anchors, funnel, overview
from oscar_engage.dashboard.reports import views as reports
from oscar_engage.dashboard.reports.guardrails import GuardrailsView
from oscar_engage.dashboard.reports.struggles import StrugglesView
from oscar_engage.dashboard.rules import bundle_views as bundles
from oscar_engage.dashboard.rules import lifecycle_views as lifecycle
from oscar_engage.dashboard.rules import matches
from oscar_engage.dashboard.rules import views as rules
from oscar_engage.dashboard.rules.library import LibraryView
from oscar_engage.dashboard.segments import views as segments
from oscar_engage.dashboard.sharing import views as sharing
from oscar_engage.dashboard.sharing.live import LiveTalkView
from oscar_engage.dashboard.simulator.views import SimulatorView
from oscar_engage.dashboard.staffing import views as staffing
from oscar_engage.dashboard.surveys import views as surveys
from oscar_engage.dashboard.trail.views import TrailView
from oscar_engage.dashboard.visits import views as visits
from oscar_engage.dashboard.voices import views as voices
from oscar_engage.dashboard.volumes import views as volumes
from oscar_engage.dashboard.webhooks import views as webhooks
from oscar_engage.dashboard.why import views as why
from oscar_engage.sharing.models import LiveKind


def build_urls() -> list[URLPattern]:
    """Return new patterns for every page."""
    return [
        path("", IndexView.as_view(), name="engage-index"),
        path("desk/", console.DeskView.as_view(), name="engage-desk"),
        path("desk/news/", console.NewsView.as_view(), name="engage-desk-news"),
        path("desk/search/", SearchTranscriptsView.as_view(), name="engage-desk-search"),
        path("desk/presence/", desk.PresenceView.as_view(), name="engage-presence"),
        path("desk/next/", routing.TakeNextView.as_view(), name="engage-desk-next"),
        path("desk/<str:public_id>/", desk.ConversationView.as_view(), name="engage-conversation"),
        path("desk/<str:public_id>/messages/", desk.MessagesView.as_view(), name="engage-conversation-messages"),
        path("desk/<str:public_id>/reply/", reply.ReplyView.as_view(), name="engage-conversation-reply"),
        path("desk/<str:public_id>/take/", desk.TakeView.as_view(), name="engage-conversation-take"),
        path("desk/<str:public_id>/close/", wrap.CloseView.as_view(), name="engage-conversation-close"),
        path("desk/<str:public_id>/wrap-up/", wrap.WrapUpView.as_view(), name="engage-conversation-wrap-up"),
        path("desk/<str:public_id>/card/", console.CardView.as_view(), name="engage-card"),
        path("desk/<str:public_id>/context/", console.ContextView.as_view(), name="engage-context"),
        path("desk/<str:public_id>/page/", PageView.as_view(), name="engage-conversation-page"),
        path("desk/<str:public_id>/shared/", sharing.SharedPageView.as_view(), name="engage-shared-page"),
        path("desk/<str:public_id>/shared/ask/", sharing.AskView.as_view(), name="engage-shared-ask"),
        path("desk/<str:public_id>/voice/", voices.VoicePageView.as_view(), name="engage-voice-page"),
        path("desk/<str:public_id>/voice/ask/", voices.AskView.as_view(), name="engage-voice-ask"),
        path("desk/<str:public_id>/voice/room/", voices.RoomView.as_view(), name="engage-voice-room"),
        path("voice/<str:live_id>/answer/", voices.AnswerView.as_view(), name="engage-voice-answer"),
        path("voice/<str:live_id>/talk/", LiveTalkView.as_view(kind=LiveKind.VOICE), name="engage-voice-talk"),
        path("voice/<str:live_id>/end/", voices.EndView.as_view(), name="engage-voice-end"),
        path("shared/code/", sharing.CodeView.as_view(), name="engage-shared-code"),
        path("shared/<str:live_id>/talk/", LiveTalkView.as_view(kind=LiveKind.PAGE), name="engage-shared-talk"),
        path("shared/<str:live_id>/end/", sharing.EndView.as_view(), name="engage-shared-end"),
        path("shared/<str:live_id>/recording/", sharing.RecordingView.as_view(), name="engage-shared-recording"),
        path("desk/<str:public_id>/aside/", console.AsideView.as_view(), name="engage-aside"),
        path("desk/<str:public_id>/notes/", notes.NotesView.as_view(), name="engage-conversation-notes"),
        path("desk/<str:public_id>/whisper/", notes.WhisperView.as_view(), name="engage-conversation-whisper"),
        path("desk/<str:public_id>/hand-on/", transfer.TransferView.as_view(), name="engage-conversation-transfer"),
        path("desk/<str:public_id>/take-over/", transfer.TakeOverView.as_view(), name="engage-conversation-take-over"),
        path("notes/<int:pk>/delete/", notes.NoteDeleteView.as_view(), name="engage-note-delete"),
        path("board/", board.BoardView.as_view(), name="engage-board"),
        path("board/<str:public_id>/move/", board.BoardMoveView.as_view(), name="engage-board-move"),
        path("board/agents/<int:pk>/send-off/", board.SendOffView.as_view(), name="engage-agent-send-off"),
        path("desk/<str:public_id>/acts/", acts.ActsView.as_view(), name="engage-acts"),
        path("desk/<str:public_id>/acts/propose/", acts.ProposeView.as_view(), name="engage-act-propose"),
        path("desk/<str:public_id>/acts/mail/", acts.ResetMailView.as_view(), name="engage-act-reset-mail"),
        path("desk/<str:public_id>/acts/withdraw/", acts.WithdrawView.as_view(), name="engage-act-withdraw"),
        path("practice/", practised.PracticeView.as_view(), name="engage-practice"),
        path("practice/begin/", practice.BeginView.as_view(), name="engage-practice-begin"),
        path("practice/agents/", practised.AgentsView.as_view(), name="engage-practice-agents"),
        path("practice/agents/<int:pk>/", practised.AgentView.as_view(), name="engage-practice-agent"),
        path("practice/<str:public_id>/", practice.SittingView.as_view(), name="engage-practice-sitting"),
        path("practice/<str:public_id>/news/", practice.SittingNewsView.as_view(), name="engage-practice-news"),
        path("practice/<str:public_id>/pause/", practice.PauseView.as_view(), name="engage-practice-pause"),
        path("practice/<str:public_id>/stop/", practice.StopView.as_view(), name="engage-practice-stop"),
        path("practice/<str:public_id>/result/", practised.ResultView.as_view(), name="engage-practice-result"),
        path("practice/shoppers/<str:public_id>/about/", practice.AboutView.as_view(), name="engage-practice-about"),
        path("practice/shoppers/<str:public_id>/line/", practice.LineView.as_view(), name="engage-practice-line"),
        path("practice/shoppers/<str:public_id>/ready/", practice.ReadyView.as_view(), name="engage-practice-ready"),
        path("practice/shoppers/<str:public_id>/close/", practice.WrapView.as_view(), name="engage-practice-close"),
        path("ladder/", ladder.LadderView.as_view(), name="engage-ladder"),
        path("ladder/<slug:step>/", ladder.LadderStepView.as_view(), name="engage-ladder-step"),
        path("ladder/<slug:step>/move/", ladder.LadderMoveView.as_view(), name="engage-ladder-move"),
        path("promises/", promises.PromisesView.as_view(), name="engage-promises"),
        path("promises/policies/new/", promises.PolicyEditorView.as_view(), name="engage-policy-create"),
        path("promises/policies/ready/", promises.PoliciesReadyView.as_view(), name="engage-policies-ready"),
        path("promises/policies/<int:pk>/", promises.PolicyEditorView.as_view(), name="engage-policy-edit"),
        path("promises/policies/<int:pk>/delete/", promises.PolicyDeleteView.as_view(), name="engage-policy-delete"),
        path("promises/hours/new/", promises.HoursEditorView.as_view(), name="engage-opening-hours-create"),
        path("promises/hours/<int:pk>/", promises.HoursEditorView.as_view(), name="engage-opening-hours-edit"),
        path("promises/hours/<int:pk>/delete/", promises.HoursDeleteView.as_view(), name="engage-opening-hours-delete"),
        path("desk/<str:public_id>/dial/", calls.DialView.as_view(), name="engage-call-dial"),
        path("desk/<str:public_id>/outcome/", calls.OutcomeView.as_view(), name="engage-call-outcome"),
        path("calls/", call_plan.CallsView.as_view(), name="engage-calls"),
        path("calls/<int:pk>/keep/", call_plan.CallKeepView.as_view(), name="engage-call-keep"),
        path("calls/<int:pk>/off/", call_plan.CallOffView.as_view(), name="engage-call-off"),
        path("calls/queues/<int:pk>/", call_plan.CallTermsView.as_view(), name="engage-call-terms"),
        path("desk/<str:public_id>/move/", routing.MoveView.as_view(), name="engage-conversation-move"),
        path("desk/<str:public_id>/compose/", carry.ComposeView.as_view(), name="engage-conversation-compose"),
        path("desk/<str:public_id>/canned/", carry.CannedTextsView.as_view(), name="engage-conversation-canned"),
        path("files/<str:public_id>/", carry.AttachmentView.as_view(), name="engage-attachment"),
        path("canned/", canned.CannedListView.as_view(), name="engage-canned"),
        path("canned/new/", canned.CannedEditorView.as_view(), name="engage-canned-create"),
        path("canned/<int:pk>/", canned.CannedEditorView.as_view(), name="engage-canned-edit"),
        path("canned/<int:pk>/delete/", canned.CannedDeleteView.as_view(), name="engage-canned-delete"),
        path("agents/", agents.AgentListView.as_view(), name="engage-agents"),
        path("agents/<int:pk>/", agents.AgentEditorView.as_view(), name="engage-agent-edit"),
        path("agents/skills/new/", agents.SkillEditorView.as_view(), name="engage-skill-create"),
        path("agents/skills/<int:pk>/", agents.SkillEditorView.as_view(), name="engage-skill-edit"),
        path("agents/skills/<int:pk>/delete/", agents.SkillDeleteView.as_view(), name="engage-skill-delete"),
        path("agents/topics/new/", topics.TopicEditorView.as_view(), name="engage-topic-create"),
        path("agents/topics/usual/", topics.UsualTopicsView.as_view(), name="engage-topics-usual"),
        path("agents/topics/<int:pk>/", topics.TopicEditorView.as_view(), name="engage-topic-edit"),
        path("agents/topics/<int:pk>/delete/", topics.TopicDeleteView.as_view(), name="engage-topic-delete"),
        path("agents/queues/new/", agents.QueueEditorView.as_view(), name="engage-queue-create"),
        path("agents/queues/<int:pk>/", agents.QueueEditorView.as_view(), name="engage-queue-edit"),
        path("agents/queues/<int:pk>/delete/", agents.QueueDeleteView.as_view(), name="engage-queue-delete"),
        path("desk/<str:public_id>/transcript/", TranscriptView.as_view(), name="engage-conversation-transcript"),
        path("mailboxes/", mailboxes.MailboxListView.as_view(), name="engage-mailboxes"),
        path("mailboxes/new/", mailboxes.MailboxEditorView.as_view(), name="engage-mailbox-create"),
        path("mailboxes/<int:pk>/", mailboxes.MailboxEditorView.as_view(), name="engage-mailbox-edit"),
        path("mailboxes/<int:pk>/delete/", mailboxes.MailboxDeleteView.as_view(), name="engage-mailbox-delete"),
        path("mailboxes/<int:pk>/test/", mailboxes.MailboxTestView.as_view(), name="engage-mailbox-test"),
        path("keys/", keys.KeyListView.as_view(), name="engage-keys"),
        path("keys/<int:pk>/end/", keys.KeyRevokeView.as_view(), name="engage-key-revoke"),
        path("webhooks/", webhooks.WebhookListView.as_view(), name="engage-webhooks"),
        path("webhooks/new/", webhooks.WebhookEditorView.as_view(), name="engage-webhook-create"),
        path("webhooks/<int:pk>/", webhooks.WebhookEditorView.as_view(), name="engage-webhook-edit"),
        path("webhooks/<int:pk>/delete/", webhooks.WebhookDeleteView.as_view(), name="engage-webhook-delete"),
        path("webhooks/<int:pk>/test/", webhooks.WebhookTestView.as_view(), name="engage-webhook-test"),
        path("webhooks/<int:pk>/secret/", webhooks.WebhookSecretView.as_view(), name="engage-webhook-secret"),
        path("outside/", outside.OutsideView.as_view(), name="engage-outside"),
        path("outside/test/", outside.OutsideTestView.as_view(), name="engage-outside-test"),
        path("rules/", rules.RuleListView.as_view(), name="engage-rules"),
        path("rules/new/", rules.RuleEditorView.as_view(), name="engage-rule-create"),
        path("rules/ready/", LibraryView.as_view(), name="engage-rule-library"),
        path("rules/<int:pk>/", rules.RuleEditorView.as_view(), name="engage-rule-edit"),
        path("rules/priorities/", priorities.PrioritiesView.as_view(), name="engage-priorities"),
        path("rules/priorities/save/", priorities.PrioritiesSaveView.as_view(), name="engage-priorities-save"),
        path("rules/export/", bundles.ExportView.as_view(), name="engage-rules-export"),
        path("rules/import/", bundles.ImportView.as_view(), name="engage-rules-import"),
        path("rules/<int:pk>/history/", lifecycle.RuleHistoryView.as_view(), name="engage-rule-history"),
        path("rules/<int:pk>/publish/", lifecycle.RulePublishView.as_view(), name="engage-rule-publish"),
        path("rules/<int:pk>/ask/", lifecycle.RuleAskView.as_view(), name="engage-rule-ask"),
        path("rules/<int:pk>/send-back/", lifecycle.RuleSendBackView.as_view(), name="engage-rule-send-back"),
        path("rules/<int:pk>/pause/", lifecycle.RulePauseView.as_view(), name="engage-rule-pause"),
        path("rules/<int:pk>/archive/", lifecycle.RuleArchiveView.as_view(), name="engage-rule-archive"),
        path("rules/<int:pk>/take-back/", lifecycle.RuleTakeBackView.as_view(), name="engage-rule-take-back"),
        path("rules/<int:pk>/roll-back/", lifecycle.RuleRollBackView.as_view(), name="engage-rule-roll-back"),
        path("segments/", segments.SegmentListView.as_view(), name="engage-segments"),
        path("segments/new/", segments.SegmentEditorView.as_view(), name="engage-segment-create"),
        path("segments/<int:pk>/", segments.SegmentEditorView.as_view(), name="engage-segment-edit"),
        path("segments/<int:pk>/delete/", segments.SegmentDeleteView.as_view(), name="engage-segment-delete"),
        path("segments/<int:pk>/publish/", segments.SegmentPublishView.as_view(), name="engage-segment-publish"),
        path("rules/<int:pk>/why/", why.RuleWhyView.as_view(), name="engage-rule-why"),
        path("rules/<int:pk>/dry-run/", dry_runs.RuleDryRunView.as_view(), name="engage-rule-dry-run"),
        path("rules/matches/", matches.RuleMatchesView.as_view(), name="engage-rule-matches"),
        path("dry-runs/<int:pk>/", dry_runs.DryRunView.as_view(), name="engage-dry-run"),
        path("dry-runs/<int:pk>/cancel/", dry_runs.DryRunCancelView.as_view(), name="engage-dry-run-cancel"),
        path("engagements/", engagements.EngagementListView.as_view(), name="engage-engagements"),
        path("engagements/new/", engagements.EngagementEditorView.as_view(), name="engage-engagement-create"),
        path("engagements/<int:pk>/", engagements.EngagementEditorView.as_view(), name="engage-engagement-edit"),
        path("surveys/", surveys.SurveyListView.as_view(), name="engage-surveys"),
        path("surveys/new/", surveys.SurveyEditorView.as_view(), name="engage-survey-create"),
        path("surveys/<int:pk>/", surveys.SurveyResultsView.as_view(), name="engage-survey"),
        path("surveys/<int:pk>/change/", surveys.SurveyEditorView.as_view(), name="engage-survey-edit"),
        path("surveys/<int:pk>/answers.csv", surveys.SurveyFileView.as_view(), name="engage-survey-file"),
        path("anchors/", picked.AnchorListView.as_view(), name="engage-anchors"),
        path("anchors/pick/", picked.PickView.as_view(), name="engage-anchor-pick"),
        path("anchors/bar/", picked.BarView.as_view(), name="engage-anchor-bar"),
        path("anchors/<int:pk>/delete/", picked.AnchorDeleteView.as_view(), name="engage-anchor-delete"),
        path("engagements/<int:pk>/on-a-page/", EngagementPageView.as_view(), name="engage-engagement-page"),
        path("engagements/<int:pk>/figures/", EngagementFiguresView.as_view(), name="engage-engagement-figures"),
        path(
            "engagements/<int:pk>/history/", engagement_life.EngagementHistoryView.as_view(), name="engage-engagement-history"
        ),
        path(
            "engagements/<int:pk>/publish/", engagement_life.EngagementPublishView.as_view(), name="engage-engagement-publish"
        ),
        path("engagements/<int:pk>/ask/", engagement_life.EngagementAskView.as_view(), name="engage-engagement-ask"),
        path(
            "engagements/<int:pk>/send-back/",
            engagement_life.EngagementSendBackView.as_view(),
            name="engage-engagement-send-back",
        ),
        path("engagements/<int:pk>/switch/", engagement_life.EngagementSwitchView.as_view(), name="engage-engagement-switch"),
        path(
            "engagements/<int:pk>/roll-back/",
            engagement_life.EngagementRollBackView.as_view(),
            name="engage-engagement-roll-back",
        ),
        path("ratings/", RatingsView.as_view(), name="engage-ratings"),
        path("visits/", visits.VisitsView.as_view(), name="engage-visits"),
        path("visits/<uuid:pk>/", visits.VisitView.as_view(), name="engage-visit"),
        path("visits/<uuid:pk>/rules/", why.VisitRulesView.as_view(), name="engage-visit-rules"),
        path("reports/", overview.OverviewView.as_view(), name="engage-reports"),
        path("reports/rules/", overview.RuleListView.as_view(), name="engage-report-rules"),
        path("reports/funnel/", funnel.FunnelView.as_view(), name="engage-report-funnel"),
        path("reports/places/", anchors.AnchorListView.as_view(), name="engage-report-places"),
        path("reports/places/<str:slot>/", anchors.AnchorView.as_view(), name="engage-report-place"),
        path("reports/service/", deflection.ServiceView.as_view(), name="engage-report-service"),
        path("reports/service/before/", deflection.TrendView.as_view(), name="engage-report-trend"),
        path("reports/service/before/template/", volumes.VolumeTemplateView.as_view(), name="engage-volumes-template"),
        path("reports/service/before/import/", volumes.VolumeImportView.as_view(), name="engage-volumes-import"),
        path("reports/service/before/delete/", volumes.VolumeDeleteView.as_view(), name="engage-volumes-delete"),
        path("reports/costs/", costs.CostsView.as_view(), name="engage-report-costs"),
        path("reports/costs/new/", costs.CostEditorView.as_view(), name="engage-cost-create"),
        path("reports/costs/<int:pk>/", costs.CostEditorView.as_view(), name="engage-cost-edit"),
        path("reports/costs/<int:pk>/delete/", costs.CostDeleteView.as_view(), name="engage-cost-delete"),
        path("reports/side-effects/", GuardrailsView.as_view(), name="engage-guardrails"),
        path("reports/struggles/", StrugglesView.as_view(), name="engage-struggles"),
        path("reports/leaving/", reports.ExitsView.as_view(), name="engage-exits"),
        path("reports/service-times/", staffing.ServiceTimesView.as_view(), name="engage-service-times"),
        path("reports/my-figures/", staffing.MyFiguresView.as_view(), name="engage-my-figures"),
        path("reports/<int:pk>/", overview.RuleView.as_view(), name="engage-report"),
        path("learning/", learning.LearningView.as_view(), name="engage-learning"),
        path("learning/history/", learning.LearningHistoryView.as_view(), name="engage-learning-history"),
        path("learning/now/", learning_acts.LearnNowView.as_view(), name="engage-learn-now"),
        path("learning/models/<int:pk>/speak/", learning_acts.SpeakView.as_view(), name="engage-model-speak"),
        path("learning/<str:task>/back/", learning_acts.BackView.as_view(), name="engage-model-back"),
        path("learning/<str:task>/silence/", learning_acts.SilenceView.as_view(), name="engage-model-silence"),
        path("simulator/", SimulatorView.as_view(), name="engage-simulator"),
        path("health/", health.HealthView.as_view(), name="engage-health"),
        path("health/switch/", health.SwitchView.as_view(), name="engage-switch"),
        path("health/jobs/<int:pk>/retry/", health.RetryJobView.as_view(), name="engage-job-retry"),
        path("trail/", TrailView.as_view(), name="engage-trail"),
        path("privacy/", privacy.SearchView.as_view(), name="engage-privacy"),
        path("privacy/erasures/<uuid:pk>/", privacy.ErasureView.as_view(), name="engage-privacy-erasure"),
        path("privacy/<str:handle>/", privacy.PersonView.as_view(), name="engage-privacy-person"),
        path("privacy/<str:handle>/export/", privacy.ExportView.as_view(), name="engage-privacy-export"),
        path("privacy/<str:handle>/erase/", privacy.EraseView.as_view(), name="engage-privacy-erase"),
        *area_patterns(),
    ]
