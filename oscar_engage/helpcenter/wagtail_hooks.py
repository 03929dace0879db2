"""How do articles look in Wagtail's own admin? Read only where that is installed; it needs nothing of ours, nor we of it."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from oscar_engage.helpcenter.models import HelpArticle


class HelpArticleViewSet(SnippetViewSet):
    """Help articles among the snippets."""

    model = HelpArticle
    icon = "help"
    add_to_admin_menu = True
    list_display = ["title", "topic", "live"]
    list_filter = ["topic"]
    panels = [
        *(FieldPanel(name) for name in ("title", "slug", "topic", "summary", "body")),
        MultiFieldPanel([FieldPanel("words"), FieldPanel("asked"), FieldPanel("anchors")]),
    ]


register_snippet(HelpArticleViewSet)
