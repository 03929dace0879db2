"""What does the help centre keep about people? Nothing: who wrote a revision is kept by Wagtail, as who works for the shop."""

from oscar_engage.helpcenter.models import ArticleApproval, HelpArticle, HelpTopic
from oscar_engage.personal.registry import impersonal_data

impersonal_data(HelpTopic, "id", "slug", "names", "order", why="the merchandiser's words")
impersonal_data(
    HelpArticle,
    *("id", "slug", "title", "summary", "words", "asked", "anchors", "body", "topic", "digest", "translation_key", "locale"),
    *("live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision", "latest_revision"),
    *("go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"),
    why="the merchandiser's words, and which member of staff keeps them from being changed",
)
impersonal_data(ArticleApproval, "id", "task_ptr", "name", "content_type", "active", why="a step of the work on an article")
