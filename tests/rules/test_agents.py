"""What may a rule say of who answers its invitation, and of what is offered when nobody is free?"""

from typing import Any

import pytest

from oscar_engage.desk.models import Queue
from oscar_engage.rules.bundles.export import engagements_in
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document, to_json
from oscar_engage.rules.sentence import sentence
from oscar_engage.rules.validate import check_document
from tests.rules.moments import ENGAGEMENTS, condition, rule_json

pytestmark = pytest.mark.django_db


def invite(do: str = "invite.chat", **options: Any) -> dict[str, Any]:
    raw = rule_json(condition("page.kind", "=", "product"))
    engagement = {"invite.chat": "checkout-help", "show.balloon": "delivery-times"}[do]
    raw["branches"][0]["then"] = [{"do": do, "with": {"engagement": engagement, **options}}]
    return raw


def mistakes(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidRuleError) as caught:
        check_document(raw, engagements=ENGAGEMENTS)
    return [f"{error.path.rpartition('.')[2]}: {error.message}" for error in caught.value.errors]


def test_check_document__queue_and_fallback__come_back_and_are_said() -> None:
    Queue.objects.create(slug="returns", name="Returns")
    document = check_document(invite(queue="returns", fallback="ask-us"), engagements=ENGAGEMENTS)
    (action,) = document.branches[0].then
    assert (action.queue, action.fallback) == ("returns", "ask-us")
    assert parse_document(to_json(document)) == document
    assert "answered from the queue “returns”, or offer “ask-us” when nobody is free" in sentence(document)
    assert list(engagements_in(to_json(document))) == ["checkout-help", "ask-us"]


def test_check_document__neither__is_written_as_before() -> None:
    raw = to_json(parse_document(invite(queue="", fallback="")))
    assert raw["branches"][0]["then"] == [{"do": "invite.chat", "with": {"engagement": "checkout-help"}}]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"queue": "retuns"}, "queue: There is no queue “retuns”. Did you mean “returns”?"),
        ({"queue": "zzz"}, "queue: There is no queue “zzz”."),
        ({"fallback": "ask-u"}, "fallback: There is no engagement “ask-u”. Did you mean “ask-us”?"),
        ({"fallback": "checkout-help"}, "fallback: “checkout-help” needs an agent, too; choose a note or a balloon."),
        ({"queue": 7}, "queue: Type a short name, or leave it out."),
        ({"fallback": ["ask-us"]}, "fallback: Type a short name, or leave it out."),
        ({"skill": "returns"}, "skill: Remove this: a rule has nothing of that name here."),
    ],
)
def test_check_document__wrong__says_what_to_do_at_its_place(options: dict[str, Any], said: str) -> None:
    Queue.objects.create(slug="returns", name="Returns")
    assert mistakes(invite(**options)) == [said]


@pytest.mark.parametrize("name", ["queue", "fallback"])
def test_check_document__action_without_agent__takes_neither(name: str) -> None:
    assert mistakes(invite("show.balloon", **{name: "ask-us"})) == [
        f"{name}: Remove this: a rule has nothing of that name here."
    ]
