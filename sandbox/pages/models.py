"""What can an editor of the shop write? A page of text, with parts for segments in it."""

from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from oscar_engage.helpcenter.blocks import SegmentBlock


class StoryPage(Page):
    """A title and paragraphs, some of them for a segment."""

    body = StreamField([("paragraph", RichTextBlock()), ("part_for_a_segment", SegmentBlock())], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "pages/story.html"
