"""The addresses of the help centre in the dashboard, joined to ours and in their namespace."""

from django.urls import URLPattern, path

from oscar_engage.helpcenter.dashboard import begin_views as begin
from oscar_engage.helpcenter.dashboard import figures_views as figures
from oscar_engage.helpcenter.dashboard import history_views as history
from oscar_engage.helpcenter.dashboard import life_views as life
from oscar_engage.helpcenter.dashboard import topic_views as topics
from oscar_engage.helpcenter.dashboard import unanswered_views as unanswered
from oscar_engage.helpcenter.dashboard import views


def build_urls() -> list[URLPattern]:
    """Return new patterns for every page."""
    return [
        path("articles/", views.ArticleListView.as_view(), name="engage-articles"),
        path("articles/new/", views.ArticleEditorView.as_view(), name="engage-article-create"),
        path("articles/figures/", figures.ArticleFiguresView.as_view(), name="engage-article-figures"),
        path("articles/unanswered/", unanswered.UnansweredView.as_view(), name="engage-unanswered"),
        path(
            "articles/from/<str:public_id>/<int:seq>/", begin.ArticleFromReplyView.as_view(), name="engage-article-from-reply"
        ),
        path("articles/from/<str:public_id>/", begin.ArticleFromReplyView.as_view(), name="engage-article-from-question"),
        path(
            "articles/add-question/<str:public_id>/", begin.ArticleAddQuestionView.as_view(), name="engage-article-add-question"
        ),
        path("articles/from-search/<uuid:event_id>/", begin.ArticleFromSearchView.as_view(), name="engage-article-from-search"),
        path("articles/topics/", topics.TopicListView.as_view(), name="engage-help-topics"),
        path("articles/topics/new/", topics.TopicEditorView.as_view(), name="engage-help-topic-create"),
        path("articles/topics/<int:pk>/", topics.TopicEditorView.as_view(), name="engage-help-topic-edit"),
        path("articles/topics/<int:pk>/delete/", topics.TopicDeleteView.as_view(), name="engage-help-topic-delete"),
        path("articles/<int:pk>/", views.ArticleEditorView.as_view(), name="engage-article-edit"),
        path("articles/<int:pk>/history/", history.ArticleHistoryView.as_view(), name="engage-article-history"),
        path("articles/<int:pk>/roll-back/", history.ArticleRollBackView.as_view(), name="engage-article-roll-back"),
        path("articles/<int:pk>/publish/", life.ArticlePublishView.as_view(), name="engage-article-publish"),
        path("articles/<int:pk>/unpublish/", life.ArticleUnpublishView.as_view(), name="engage-article-unpublish"),
        path("articles/<int:pk>/delete/", life.ArticleDeleteView.as_view(), name="engage-article-delete"),
        path("articles/<int:pk>/submit/", life.ArticleSubmitView.as_view(), name="engage-article-submit"),
        path("articles/<int:pk>/decide/", life.ArticleDecideView.as_view(), name="engage-article-decide"),
    ]
