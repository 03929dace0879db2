"""Does a part of a Wagtail page reach the visitors of its segment and nobody else, and is the page the same for all?"""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.models import Page, PageViewRestriction

from docs.generate import FOLDER
from oscar_engage.helpcenter import blocks
from oscar_engage.helpcenter.blocks import SegmentBlock, list_segments
from oscar_engage.models import Segment
from oscar_engage.storefront.personal_part import READERS, Part, read_part, sign_part
from oscar_engage.visitors.page import PageFacts
from sandbox.pages.models import StoryPage
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
PART = {"segment": "lookers", "personal": "<p>Good to see you again.</p>", "default": "<p>Look around.</p>"}
REF = re.compile(r'data-engage-segment="([^"]+)"')


def stream(*parts: dict[str, Any]) -> list[Any]:
    return [{"type": "part_for_a_segment", "value": part} for part in parts]


@pytest.fixture
def page() -> StoryPage:
    """A live page with a part for those who looked at a product."""
    condition = {"field": "visit.product_views", "operator": ">=", "value": 1}
    Segment.objects.create(slug="lookers", name="Have looked", document={"combinator": "and", "rules": [condition]})
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    story: StoryPage = root.add_child(instance=StoryPage(title="A weekend out", slug="weekend"))
    write(story, *stream(PART))
    return story


def write(story: StoryPage, *raw: Any) -> None:
    story.body = StoryPage._meta.get_field("body").to_python(list(raw))
    story.save_revision().publish()
    story.refresh_from_db()


def shown(story: StoryPage, *, is_preview: bool = False) -> str:
    request = RequestFactory().get("/weekend/")
    request.is_preview = is_preview  # type: ignore[attr-defined]  # as Wagtail sets it
    value = StoryPage.objects.get(pk=story.pk).body
    return str(value.render_as_block({"page": story, "request": request}))


def looker() -> Client:
    client = shopper("personalisation")
    send(client, body(signal(), page=PageFacts(kind="product", product_id=1)))
    return client


def ask(client: Client, *refs: str) -> Any:
    return client.get(f"{reverse('engage:segments')}?{urlencode([('ref', ref) for ref in refs])}")


@pytest.mark.attack("K01")
def test_block__page_that_is_sent__has_the_default_and_a_place_and_is_the_same(page: StoryPage) -> None:
    html = shown(page)

    assert html == shown(page)
    assert "Look around." in html
    assert "Good to see you again." not in html
    assert len(REF.findall(html)) == 1


def test_block__visitor_of_the_segment__gets_their_part(page: StoryPage) -> None:
    answer = ask(looker(), *REF.findall(shown(page)))

    assert "Good to see you again." in text_of(answer)
    assert REF.findall(text_of(answer)) == REF.findall(shown(page))


def test_block__anybody_else__gets_none(page: StoryPage) -> None:
    assert ask(shopper("personalisation"), *REF.findall(shown(page))).status_code == 204
    assert ask(shopper("statistics"), *REF.findall(shown(page))).status_code == 204


def test_block__changed_taken_down_or_unknown_since_the_page_was_cached__keeps_the_default(page: StoryPage) -> None:
    client, [ref] = looker(), REF.findall(shown(page))

    write(page, *stream({**PART, "personal": "<p>Other words.</p>"}))
    assert ask(client, ref).status_code == 204
    fresh = REF.findall(shown(page))
    assert "Other words." in text_of(ask(client, *fresh))
    page.unpublish()
    assert ask(client, *fresh).status_code == 204
    assert ask(client, sign_part(Part("999999:x", "lookers", 0, blocks.KIND))).status_code == 204
    assert ask(client, sign_part(Part("x", "lookers", 0, "nowhere"))).status_code == 204


def test_block__draft_beside_the_live_page__is_told_to_nobody(page: StoryPage) -> None:
    page.body = StoryPage._meta.get_field("body").to_python(stream({**PART, "personal": "<p>Not yet.</p>"}))
    page.save_revision()

    assert "Not yet." not in text_of(ask(looker(), *REF.findall(shown(page))))


def test_block__page_behind_a_login__is_read_by_who_may_read_it(page: StoryPage) -> None:
    [ref] = REF.findall(shown(page))
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert ask(looker(), ref).status_code == 204


def test_block__editors_preview__shows_both_contents_under_their_names(page: StoryPage) -> None:
    html = shown(page, is_preview=True)

    assert "Good to see you again." in html
    assert "Look around." in html
    assert "Have looked" in html
    assert not REF.findall(html)


def test_block__switched_off_or_outside_a_page__is_the_default_alone(page: StoryPage, settings: Any) -> None:
    assert not REF.findall(str(page.body.render_as_block()))
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ENABLED": False}
    assert not REF.findall(shown(page))
    assert "Look around." in shown(page)


def test_block__in_structs_lists_and_streams__is_found(page: StoryPage) -> None:
    whole = StreamBlock([("rows", ListBlock(StructBlock([("part", SegmentBlock())])))])
    value = whole.to_python([{"type": "rows", "value": [{"part": PART}, {"part": {**PART, "personal": "<p>Two</p>"}}]}])

    found = [str(part["personal"]) for part in blocks._within(whole, value)]

    assert len(found) == 2
    assert "Two" in found[1]


def test_block__own_blocks_for_the_contents__are_used() -> None:
    block = SegmentBlock([("personal", StreamBlock([("text", RichTextBlock())])), ("default", StreamBlock([], required=False))])

    assert set(block.child_blocks) == {"segment", "personal", "default"}
    assert isinstance(block.child_blocks["personal"], StreamBlock)
    assert block.get_preview_value() is not None


def test_block__in_wagtails_block_chooser__has_an_example() -> None:
    block = SegmentBlock()
    html = block.render(block.get_preview_value(), context={"block_def": block})

    assert "Good to see you again." in html
    assert "New here?" in html


def test_chooser__offers_the_shops_segments(page: StoryPage) -> None:
    assert list_segments() == [("lookers", "Have looked")]
    assert SegmentBlock().child_blocks["segment"].field.valid_value("lookers")
    assert not SegmentBlock().child_blocks["segment"].field.valid_value("nobody")


def test_block__that_fails__keeps_the_default(page: StoryPage) -> None:
    def fail(part: Part, request: Any) -> None:
        raise ZeroDivisionError

    client, [ref] = looker(), REF.findall(shown(page))
    with READERS.only(blocks.KIND, fail):
        assert ask(client, ref).status_code == 204


def test_docs__example__defines_a_block_that_a_page_can_have() -> None:
    text = (FOLDER / "personal-pages.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    [template] = re.findall(r"^```django\n({% load wagtail.*?)^```$", text, re.DOTALL | re.MULTILINE)
    made: dict[str, Any] = {}

    exec(example, made)  # noqa: S102 - our own documentation's

    body = made["body"]
    assert set(body.stream_block.child_blocks) == {"paragraph", "part_for_a_segment", "banner_for_a_segment"}
    assert "{% include_block page.body %}" in template


def test_reference__of_a_template__reads_as_ever() -> None:
    assert read_part(sign_part(Part("hello.html", "lookers", 1))) == Part("hello.html", "lookers", 1)
