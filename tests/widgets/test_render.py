"""Is an offer the fragment that the browser script knows, with everything in it escaped?"""

import uuid
from html.parser import HTMLParser

import pytest
from django.utils import translation

from oscar_engage.core.registry import DuplicateEntryError, UnknownEntryError
from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer
from oscar_engage.widgets.shipped import Balloon

XSS = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{ 7|add:7 }}{% now 'Y' %}"

OFFERED = [widget.name for widget in WIDGETS if widget.is_offered]


class Elements(HTMLParser):
    """Every start tag of a fragment with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def doing(self, act: str) -> dict[str, str | None]:
        [attributes] = [attributes for _tag, attributes in self.found if attributes.get("data-engage-do") == act]
        return attributes


OF_A_FORM = ("form", "label", "textarea", "details", "summary")
"""What a survey is answered with."""


def engagement(widget: str, **fields: str) -> Engagement:
    return Engagement(**{"slug": "help", "widget": widget, "title": "Unsure?", "body": "", "button": "", **fields})


def offer(widget: str, **fields: str) -> tuple[Decision, Elements]:
    decision = Decision(pk=uuid.uuid4())
    return decision, Elements(render_offer(decision, engagement(widget, **fields)))


@pytest.mark.parametrize("widget", OFFERED)
def test_render_offer__any_widget__names_its_decision_and_its_title(widget: str) -> None:
    decision, elements = offer(widget, anchor="shipping-method")

    root = elements.found[0][1]
    assert root["data-engage-widget"] == widget
    assert root["data-engage-decision"] == str(decision.pk)
    assert root["data-engage-anchor"] == "shipping-method"
    assert root["role"] == "dialog"
    assert root["aria-labelledby"] in [attributes.get("id") for _tag, attributes in elements.found]


@pytest.mark.django_db
@pytest.mark.parametrize("widget", WIDGETS.names())
def test_render_offer__hostile_words__only_our_own_tags(widget: str) -> None:
    _decision, elements = offer(widget, title=XSS, body=XSS, button=XSS, anchor=XSS)

    assert {tag for tag, _attributes in elements.found} <= {"div", "p", "button", "br", "span", *OF_A_FORM}
    assert not [name for _tag, attributes in elements.found for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    ("widget", "opens"), [("balloon", "/engage/note/new/"), ("note", "/engage/note/new/"), ("invitation", "/engage/chat/new/")]
)
def test_render_offer__button__opens_the_form_with_the_decision(widget: str, opens: str) -> None:
    decision, elements = offer(widget, button="Yes", anchor="voucher")

    assert elements.doing("accept")["data-engage-open"] == f"{opens}?decision={decision.pk}&anchor=voucher"


def test_render_offer__balloon_without_a_button__only_closes() -> None:
    _decision, elements = offer("balloon")

    assert [attributes.get("data-engage-do") for tag, attributes in elements.found if tag == "button"] == ["dismiss"]


def test_render_offer__balloon__is_a_popover_that_does_not_take_the_page() -> None:
    _decision, elements = offer("balloon")

    assert (elements.found[0][1]["popover"], elements.found[0][1]["aria-modal"]) == ("manual", "false")


@pytest.mark.parametrize("widget", WIDGETS.names())
def test_render_offer__words_of_ours__translatable(widget: str) -> None:
    with translation.override("xx"):
        assert render_offer(Decision(pk=uuid.uuid4()), engagement(widget))


def test_render_offer__unknown_widget__loud() -> None:
    with pytest.raises(UnknownEntryError, match="Did you mean 'balloon'"):
        render_offer(Decision(pk=uuid.uuid4()), engagement("baloon"))


def test_widgets__name_taken__loud() -> None:
    with pytest.raises(DuplicateEntryError):
        WIDGETS.register("balloon", Balloon())


def test_widgets__only_invitations_need_an_agent() -> None:
    assert [widget.name for widget in WIDGETS if widget.needs_agent] == ["invitation", "page", "voice"]
