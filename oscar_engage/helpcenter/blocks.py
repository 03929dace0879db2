"""What stands in a Wagtail page for a segment? A block with two contents: one for those in it, one for everybody else.

For a ``StreamField`` of a page. The page that is sent holds the default and is the same for all; who is in the segment, and
agreed to it, gets the other content fetched. docs/personal-pages.md shows how to use it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, ChoiceBlock, RichTextBlock, StreamValue, StructBlock, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import StreamField
from wagtail.models import Page

from oscar_engage.rules.models import Segment
from oscar_engage.storefront.personal_part import READERS, Part, place_of
from oscar_engage.switch.state import is_on

KIND = "wagtail"
_SHORT = 24
"""Characters of the digest that tells one part of a page from another: 96 bits."""


def list_segments() -> list[tuple[str, str]]:
    """Return the shop's segments for a chooser: short name and name."""
    return list(Segment.objects.order_by("name").values_list("slug", "name"))


class SegmentBlock(StructBlock):
    """A content for a segment, and one for everybody else.

    ``SegmentBlock()`` takes rich text; ``SegmentBlock([("personal", …), ("default", …)])`` takes blocks of the shop's own.
    """

    segment = ChoiceBlock(label=_("Segment"), choices=list_segments, help_text=_("Whom the first content is for."))
    personal = RichTextBlock(label=_("For those in the segment"))
    default = RichTextBlock(
        label=_("For everybody else"), required=False, help_text=_("What the page is sent with. Make both about the same size.")
    )

    class Meta:
        label = _("Part for a segment")
        icon = "group"
        template = "oscar_engage/helpcenter/segment_block.html"
        description = _("Shows one content to the visitors of a segment and another to everybody else.")

    def get_preview_value(self) -> StructValue:
        """Return an example for the block chooser."""
        example = {"personal": _("Good to see you again."), "default": _("New here? Have a look around.")}
        texts = {name: f"<p>{text}</p>" for name, text in example.items() if type(self.child_blocks[name]) is RichTextBlock}
        return self.normalize(texts)

    def render(self, value: StructValue, context: Mapping[str, Any] | None = None) -> SafeString:
        """Return the default in its place; while an editor looks at a draft, both contents under their names."""
        parent = dict(context or {})
        if _is_looked_at(parent):
            rendered: SafeString = super().render(value, context=parent)
            return rendered
        default = render_child(value, "default", parent)
        page = parent.get("page")
        if not is_on() or not isinstance(page, Page) or not value.get("segment"):
            return default
        return place_of(Part(f"{page.pk}:{digest_of(value)}", value["segment"], 0, KIND), default)

    def get_context(self, value: StructValue, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add what the editor's preview shows: the segment's name and both contents."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        names = dict(list_segments())
        return {
            **context,
            "segment_name": names.get(value.get("segment") or "", value.get("segment") or ""),
            "personal": render_child(value, "personal", context),
            "default": render_child(value, "default", context),
        }


def render_child(value: StructValue, name: str, context: Mapping[str, Any]) -> SafeString:
    """Return one of the two contents as HTML."""
    rendered: SafeString = value.bound_blocks[name].render(context=dict(context))
    return rendered


def digest_of(value: StructValue) -> str:
    """Return what tells this part from others of its page: a digest of what it says to the segment, never the words."""
    said = [value["segment"], value.block.child_blocks["personal"].get_prep_value(value["personal"])]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:_SHORT]


def read_block(part: Part, request: HttpRequest) -> SafeString | None:
    """Return what the live page says to the segment, or ``None``: changed since, not live, or not for this request."""
    number, _colon, digest = part.source.partition(":")
    page = Page.objects.live().filter(pk=int(number)).specific().first()
    if page is None or any(not one.accept_request(request) for one in page.get_view_restrictions()):
        return None
    for value in _blocks_of(page):
        if value["segment"] == part.segment and digest_of(value) == digest:
            return render_child(value, "personal", {"page": page, "request": request})
    return None


def _is_looked_at(context: Mapping[str, Any]) -> bool:
    """Whether this is the preview of a draft, or of the block itself."""
    return bool(getattr(context.get("request"), "is_preview", False)) or "block_def" in context


def _blocks_of(page: Page) -> Iterator[StructValue]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield from _within(getattr(page, field.name).stream_block, getattr(page, field.name))


def _within(block: Block, value: Any) -> Iterator[StructValue]:
    """Give every value of a :class:`SegmentBlock` in ``value``, however deep in streams, structs and lists."""
    if isinstance(block, SegmentBlock):
        yield value
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _within(child.block, child.value)
    elif isinstance(value, StructValue):
        for bound in value.bound_blocks.values():
            yield from _within(bound.block, bound.value)
    elif isinstance(value, ListValue):
        for bound in value.bound_blocks:
            yield from _within(bound.block, bound.value)


READERS.register(KIND, read_block)
