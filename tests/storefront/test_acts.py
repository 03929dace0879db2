"""What an agent proposes: done once, in the shopper's own basket, by Oscar's rules of that moment, and only after a yes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.apps.basket.signals import basket_addition, voucher_addition
from oscar.apps.payment.exceptions import RedirectRequired
from oscar.core.loading import get_class, get_model
from oscar.test.factories import OptionFactory, create_product

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.propose import withdraw
from oscar_engage.desk.acts.registry import ActRefusedError
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.take import close
from oscar_engage.models import SignalRecord, VisitorBasket
from oscar_engage.shop.acts.fresh_voucher import SET_NAME
from tests.storefront.acting import BY_SCRIPT, begin_chat, held, make_agent, offer, say, state_of, words
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import VOUCHER, add_to_basket, give_voucher, walk_to_order, walk_to_preview
from tests.storefront.shopping import FRAGMENT, ask, text_of

pytestmark = pytest.mark.django_db(transaction=True)
Basket, Line, Voucher = (get_model(*name) for name in (("basket", "Basket"), ("basket", "Line"), ("voucher", "Voucher")))


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


@pytest.fixture
def shopper(product: Any) -> Client:
    return known_shopper()


@pytest.fixture
def chat(shopper: Client, agent: Agent) -> Conversation:
    return begin_chat(shopper, agent)


@pytest.fixture
def boots(chat: Conversation, agent: Agent, product: Any) -> Proposal:
    """Two pairs of boots, proposed."""
    return offer(chat, agent, "basket.add", product=product.pk, quantity=2)


@pytest.fixture
def templates(settings: Any) -> Iterator[None]:
    give_voucher()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": [VOUCHER]}
    return


# The question and the answer


def test_proposal__in_the_panel__says_it_in_plain_words_with_two_buttons(
    shopper: Client, chat: Conversation, boots: Proposal
) -> None:
    for address in (f"/engage/chat/{chat.public_id}/", f"/engage/chat/{chat.public_id}/?fragment=1"):
        page = text_of(shopper.get(address))
        assert "Mia would like to put 2 \u00d7 Rain boots into your basket." in page
        form = page.partition('<form class="engage-act"')[2].partition("</form>")[0]
        assert "csrfmiddlewaretoken" in form
        assert [f'name="answer" value="{value}"' in form for value in ("yes", "no")] == [True, True]
    assert held() == {}


def test_proposal__in_a_poll__has_its_buttons_and_no_token_of_its_own(
    shopper: Client, chat: Conversation, boots: Proposal
) -> None:
    news = text_of(shopper.get(f"/engage/chat/{chat.public_id}/events/?after=2"))

    assert 'class="engage-act"' in news
    assert "csrfmiddlewaretoken" not in news


def test_yes__is_in_the_basket_with_oscars_signal_offers_and_messages(
    shopper: Client, chat: Conversation, boots: Proposal, product: Any
) -> None:
    heard: list[tuple[Any, Any]] = []

    def hear(sender: Any, product: Any, user: Any, request: Any, **kwargs: Any) -> None:
        heard.append((product, request.basket.num_items))

    basket_addition.connect(hear)
    response = say(shopper, boots)
    basket_addition.disconnect(hear)

    assert (response.status_code, response["Location"]) == (302, f"/engage/chat/{chat.public_id}/")
    assert held() == {"Rain boots": 2}
    assert heard == [(product, 2)]
    assert any("Rain boots" in str(message) for message in get_messages(response.wsgi_request))
    assert SignalRecord.objects.filter(kind="basket.line_added").count() == 1
    assert state_of(boots)[0] == "done"
    assert words(chat)[-1] == "2 \u00d7 Rain boots is in the basket."
    page = text_of(shopper.get(f"/engage/chat/{chat.public_id}/"))
    assert 'class="engage-act"' not in page
    assert f'href="{reverse("basket:summary")}"' in page
    assert "Rain boots" in text_of(shopper.get(reverse("basket:summary")))


def test_yes__trail_says_who_proposed_that_it_was_agreed_and_what_came_of_it(
    shopper: Client, chat: Conversation, boots: Proposal, agent: Agent
) -> None:
    say(shopper, boots)

    entries = AuditEntry.objects.filter(object_kind="proposal").order_by("pk")
    assert [entry.action for entry in entries] == ["act.proposed", "act.agreed", "act.done"]
    assert {(entry.actor_id, entry.object_id) for entry in entries} == {(agent.user_id, str(boots.pk))}
    assert entries[0].detail == {"act": "basket.add", "conversation": chat.pk}


def test_no__changes_nothing_and_both_sides_read_it(shopper: Client, chat: Conversation, boots: Proposal) -> None:
    say(shopper, boots, "no")

    assert (held(), state_of(boots)) == ({}, ("refused", ""))
    assert words(chat)[-1] == "The answer was no; nothing was changed."
    assert not Basket.objects.exists()


@pytest.mark.parametrize("second", ["yes", "no"])
def test_answer__again__stays_as_it_was(shopper: Client, chat: Conversation, boots: Proposal, second: str) -> None:
    say(shopper, boots)
    before = words(chat)
    say(shopper, boots, second)

    assert (held(), state_of(boots)[0], words(chat)) == ({"Rain boots": 2}, "done", before)


@pytest.mark.parametrize("headers", [FRAGMENT, BY_SCRIPT])
def test_yes__by_script__panel_with_what_came_of_it(shopper: Client, boots: Proposal, headers: dict[str, str]) -> None:
    panel = text_of(say(shopper, boots, headers=headers))

    assert f'data-engage-settles="{boots.public_id}"' in panel
    assert "is in the basket." in panel
    assert "<html" not in panel


def test_yes__too_late__expires_and_says_so(shopper: Client, chat: Conversation, boots: Proposal) -> None:
    Proposal.objects.update(expires_at=timezone.now())
    page = text_of(shopper.get(f"/engage/chat/{chat.public_id}/"))
    say(shopper, boots)

    assert 'class="engage-act"' not in page
    assert (held(), state_of(boots)[0]) == ({}, "expired")
    assert "is over" in words(chat)[-1]


def test_yes__withdrawn_meanwhile__nothing(shopper: Client, chat: Conversation, boots: Proposal, agent: Agent) -> None:
    assert withdraw(chat, boots.public_id, user=agent.user, now=timezone.now())
    say(shopper, boots)

    assert (held(), state_of(boots)[0]) == ({}, "withdrawn")
    assert "was withdrawn" in words(chat)[-1]
    assert not withdraw(chat, boots.public_id, user=agent.user, now=timezone.now())


def test_yes__chat_closed_meanwhile__nothing(shopper: Client, chat: Conversation, boots: Proposal) -> None:
    close(chat, now=timezone.now())
    before = words(chat)
    page = text_of(shopper.get(f"/engage/chat/{chat.public_id}/"))
    say(shopper, boots)

    assert 'class="engage-act"' not in page
    assert (held(), state_of(boots)[0], words(chat)) == ({}, "expired", before)


def test_proposal__chat_is_closed__waits_for_nobody_any_more(shopper: Client, chat: Conversation, boots: Proposal) -> None:
    close(chat, now=timezone.now())

    assert state_of(boots)[0] == ProposalState.EXPIRED
    Proposal.objects.update(state=ProposalState.WAITING)  # of a chat that was closed long ago
    polled = shopper.get(f"/engage/chat/{chat.public_id}/events/?after=0")
    assert boots.message.body in text_of(polled)
    assert "data-engage-act=" not in text_of(polled)


@pytest.mark.parametrize("typed", [{}, {"answer": "perhaps"}])
def test_answer__neither_yes_nor_no__is_a_bad_request(
    shopper: Client, chat: Conversation, boots: Proposal, typed: dict[str, str]
) -> None:
    address = f"/engage/chat/{chat.public_id}/acts/{boots.public_id}/"

    assert shopper.post(address, typed).status_code == 400
    assert shopper.get(address).status_code == 405
    assert state_of(boots)[0] == "waiting"


@pytest.mark.attack("B05", "B09")
def test_yes__from_another_browser__is_the_same_404_as_an_unknown_one(
    chat: Conversation, boots: Proposal, agent: Agent
) -> None:
    strangers = known_shopper()
    own = begin_chat(strangers, agent)
    assert Client().post(f"/engage/chat/{chat.public_id}/acts/{boots.public_id}/", {"answer": "yes"}).status_code == 404
    tries = [(chat.public_id, boots.public_id), (own.public_id, boots.public_id), (own.public_id, "x" * 24)]
    answers = [strangers.post(f"/engage/chat/{a}/acts/{b}/", {"answer": "yes"}) for a, b in tries]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert (held(), state_of(boots)[0]) == ({}, "waiting")


@pytest.mark.attack("C01")
def test_yes__without_the_token__is_refused(shopper: Client, boots: Proposal) -> None:
    shopper.handler.enforce_csrf_checks = True

    assert say(shopper, boots).status_code == 403
    assert (held(), state_of(boots)[0]) == ({}, "waiting")


@pytest.mark.attack("B09")
def test_yes__with_other_fields__does_what_was_proposed(shopper: Client, chat: Conversation, boots: Proposal) -> None:
    address = f"/engage/chat/{chat.public_id}/acts/{boots.public_id}/"
    shopper.post(address, {"answer": "yes", "quantity": "40", "act": "voucher.give", "template": "X", "product": "9"})

    assert held() == {"Rain boots": 2}


# A product


def test_add__variant_with_an_option__both_are_in_the_line(shopper: Client, chat: Conversation, agent: Agent) -> None:
    parent = create_product(structure="parent", title="Trail shoe", price=None)
    child = create_product(structure="child", parent=parent, title="Trail shoe 42", price=Decimal("80.00"), num_in_stock=3)
    parent.product_class.options.add(OptionFactory(code="engraving", name="Engraving", type="text", required=True))
    typed = {"product": parent.pk, "child_id": child.pk, "quantity": 1, "engraving": "Ann"}

    proposal = offer(chat, agent, "basket.add", **typed)
    say(shopper, proposal)

    assert "1 \u00d7 Trail shoe 42" in proposal.message.body
    assert "Ann" in proposal.message.body
    line = Line.objects.get()
    assert (line.product, line.attributes.get().value) == (child, "Ann")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"quantity": 99}, "a maximum of 50 can be bought"),
        ({"quantity": 0}, "greater than or equal to 1"),
        ({"quantity": "x"}, "Enter a whole number"),
        ({"product": 999_999}, "no such product"),
        ({"product": "-1"}, "no such product"),
    ],
)
def test_add__what_oscar_would_not_sell__is_not_even_proposed(
    chat: Conversation, agent: Agent, product: Any, typed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ActRefusedError, match=reason):
        offer(chat, agent, "basket.add", **{"product": product.pk, "quantity": 1, **typed})
    assert not Proposal.objects.exists()


def test_add__hidden_from_shoppers__is_not_proposed(chat: Conversation, agent: Agent, product: Any) -> None:
    product.is_public = False
    product.save()
    with pytest.raises(ActRefusedError, match="no such product"):
        offer(chat, agent, "basket.add", product=product.pk, quantity=1)


def test_yes__sold_out_meanwhile__is_told_to_both_with_oscars_reason(
    shopper: Client, chat: Conversation, boots: Proposal, product: Any
) -> None:
    product.stockrecords.update(num_in_stock=1)
    say(shopper, boots)

    assert held() == {}
    assert state_of(boots) == ("failed", "a maximum of 1 can be bought")
    assert words(chat)[-1] == "That could not be done, and nothing was changed: a maximum of 1 can be bought"


def test_yes__together_with_what_is_in_the_basket_too_many__is_refused(
    shopper: Client, chat: Conversation, boots: Proposal, product: Any
) -> None:
    add_to_basket(shopper, product, 49)
    say(shopper, boots)

    assert (held(), state_of(boots)[0]) == ({"Rain boots": 49}, "failed")


def test_yes__basket_went_to_the_bank_meanwhile__next_one_is_left_alone(
    shopper: Client, chat: Conversation, agent: Agent, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_at_the_bank(shopper, product, monkeypatch)
    Basket.objects.update(status="Open")
    proposal = offer(chat, agent, "basket.add", product=product.pk, quantity=1)
    Basket.objects.update(status="Frozen")
    say(shopper, proposal)

    assert (held(), state_of(proposal)) == ({}, ("failed", "The basket is just being paid for."))


def test_yes__basket_was_ordered_meanwhile__next_one_is_left_alone(
    shopper: Client, chat: Conversation, agent: Agent, product: Any
) -> None:
    add_to_basket(shopper, product)
    shopper.get(reverse("basket:summary"))
    proposal = offer(chat, agent, "basket.add", product=product.pk, quantity=1)
    walk_to_order(shopper, product)
    say(shopper, proposal)

    assert proposal.params["basket_id"] == VisitorBasket.objects.get().basket_id
    assert (held(), state_of(proposal)) == ({}, ("failed", "The basket was ordered in the meantime."))


def test_yes__after_a_login__goes_into_the_customers_basket(shopper: Client, boots: Proposal, product: Any) -> None:
    add_to_basket(shopper, product)
    ann = get_user_model().objects.create_user("ann", "ann@example.com", "secret")
    shopper.force_login(ann, backend="oscar.apps.customer.auth_backends.EmailBackend")
    shopper.get(reverse("basket:summary"))
    say(shopper, boots)

    assert state_of(boots)[0] == "done"
    assert Basket.objects.get(status="Open").owner == ann
    assert held() == {"Rain boots": 3}


# A line


@pytest.fixture
def filled(shopper: Client, chat: Conversation, product: Any) -> Any:
    """The line of three pairs of boots that the agent sees."""
    add_to_basket(shopper, product, 3)
    shopper.get(reverse("basket:summary"))
    return Line.objects.get()


@pytest.mark.parametrize(
    ("typed", "left", "outcome"),
    [
        ({"quantity": 5}, {"Rain boots": 5}, "There are now 5 \u00d7 Rain boots in the basket."),
        ({"quantity": 0}, {}, "Rain boots is out of the basket."),
        ({"quantity": 3, "out": 1}, {}, "Rain boots is out of the basket."),
    ],
)
def test_change__agreed__is_what_was_proposed(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, typed: Any, left: Any, outcome: str
) -> None:
    say(shopper, offer(chat, agent, "basket.change", line=filled.pk, **typed))

    assert (held(), words(chat)[-1]) == (left, outcome)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"quantity": 3}, "that many already"),
        ({"quantity": "many"}, "Type a number"),
        ({"quantity": "9999999999"}, "Type a number"),
        ({"quantity": 1, "line": 0}, "not in the basket"),
    ],
)
def test_change__nonsense__is_not_proposed(
    chat: Conversation, agent: Agent, filled: Any, typed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ActRefusedError, match=reason):
        offer(chat, agent, "basket.change", **{"line": filled.pk, **typed})


@pytest.mark.attack("B05")
def test_change__line_of_another_shoppers_basket__is_not_proposed(
    chat: Conversation, agent: Agent, filled: Any, product: Any
) -> None:
    other = known_shopper()
    add_to_basket(other, product)
    line = Line.objects.latest("pk")
    with pytest.raises(ActRefusedError, match="not in the basket"):
        offer(chat, agent, "basket.change", line=line.pk, quantity=0)


def test_change__shopper_changed_it_meanwhile__is_refused(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any
) -> None:
    proposal = offer(chat, agent, "basket.change", line=filled.pk, quantity=1)
    Line.objects.update(quantity=4)
    say(shopper, proposal)

    assert (held(), state_of(proposal)) == ({"Rain boots": 4}, ("failed", "The basket was changed in the meantime."))


def test_change__more_than_there_is__oscars_reason(shopper: Client, chat: Conversation, agent: Agent, filled: Any) -> None:
    proposal = offer(chat, agent, "basket.change", line=filled.pk, quantity=60)
    say(shopper, proposal)

    assert held() == {"Rain boots": 3}
    assert state_of(proposal)[0] == "failed"
    assert "50" in state_of(proposal)[1]


def test_change__line_gone__is_refused(shopper: Client, chat: Conversation, agent: Agent, filled: Any) -> None:
    proposal = offer(chat, agent, "basket.change", line=filled.pk, quantity=0)
    filled.delete()
    say(shopper, proposal)

    assert state_of(proposal) == ("failed", "This is not in the basket any more.")


# Vouchers


def test_voucher__agreed__is_applied_as_oscar_does(shopper: Client, chat: Conversation, agent: Agent, filled: Any) -> None:
    give_voucher()
    heard: list[str] = []

    def hear(sender: Any, basket: Any, voucher: Any, **kwargs: Any) -> None:
        heard.append(voucher.code)

    voucher_addition.connect(hear)
    say(shopper, offer(chat, agent, "voucher.apply", code=VOUCHER.lower()))
    voucher_addition.disconnect(hear)

    assert [voucher.code for voucher in Basket.objects.get().vouchers.all()] == heard == [VOUCHER]
    assert Voucher.objects.get().num_basket_additions == 1
    assert "27.00" in text_of(shopper.get(reverse("basket:summary")))


def test_voucher__not_for_this_shopper__oscars_reason_and_no_voucher(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any
) -> None:
    give_voucher()
    Voucher.objects.update(usage=Voucher.ONCE_PER_CUSTOMER)
    proposal = offer(chat, agent, "voucher.apply", code=VOUCHER)
    say(shopper, proposal)

    assert state_of(proposal) == ("failed", "This coupon is only available to signed in users")
    assert not Basket.objects.get().vouchers.exists()


def test_voucher__basket_does_not_qualify__is_refused_and_uncounted(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any
) -> None:
    give_voucher()
    get_model("offer", "Condition").objects.update(value=10)
    proposal = offer(chat, agent, "voucher.apply", code=VOUCHER)
    say(shopper, proposal)

    assert state_of(proposal) == ("failed", "Your cart does not qualify for a coupon discount")
    assert not Basket.objects.get().vouchers.exists()
    assert Voucher.objects.get().num_basket_additions == 0


def test_voucher__twice__is_refused(shopper: Client, chat: Conversation, agent: Agent, filled: Any) -> None:
    give_voucher()
    first, second = (offer(chat, agent, "voucher.apply", code=VOUCHER) for _time in range(2))
    say(shopper, first)
    say(shopper, second)

    assert state_of(second) == ("failed", "This voucher is in the basket already.")
    assert Voucher.objects.get().num_basket_additions == 1


@pytest.mark.parametrize(
    ("code", "days", "reason"), [("", 1, "no voucher"), ("NONE", 1, "no voucher"), (VOUCHER, -1, "not valid")]
)
def test_voucher__unknown_or_over__is_not_proposed(chat: Conversation, agent: Agent, code: str, days: int, reason: str) -> None:
    give_voucher()
    Voucher.objects.update(end_datetime=timezone.now() + timedelta(days=days))
    with pytest.raises(ActRefusedError, match=reason):
        offer(chat, agent, "voucher.apply", code=code)


def test_voucher__empty_basket__is_refused(shopper: Client, chat: Conversation, agent: Agent) -> None:
    give_voucher()
    proposal = offer(chat, agent, "voucher.apply", code=VOUCHER)
    say(shopper, proposal)

    assert state_of(proposal) == ("failed", "The basket is empty.")


def test_given_voucher__is_fresh_for_one_use_in_this_basket_and_ends_soon(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None
) -> None:
    before = timezone.now()
    say(shopper, offer(chat, agent, "voucher.give", template=VOUCHER))

    made = Voucher.objects.get(voucher_set__name=SET_NAME)
    assert list(Basket.objects.get().vouchers.all()) == [made]
    assert (made.usage, list(made.offers.all())) == ("Single use", list(Voucher.objects.get(code=VOUCHER).offers.all()))
    assert timedelta(hours=23) < made.end_datetime - before < timedelta(hours=25)
    assert made.code.strip() not in " ".join(words(chat))
    assert "27.00" in text_of(shopper.get(reverse("basket:summary")))
    assert made.voucher_set.count == 1


def test_given_voucher__code_typed_by_somebody_else__does_not_exist(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None, product: Any
) -> None:
    say(shopper, offer(chat, agent, "voucher.give", template=VOUCHER))
    made = Voucher.objects.get(voucher_set__name=SET_NAME)
    friend = known_shopper()
    add_to_basket(friend, product)
    for code in (made.code, made.code.strip()):
        friend.post(reverse("basket:vouchers-add"), {"code": code})

    assert made.baskets.count() == 1 if hasattr(made, "baskets") else made.basket_set.count() == 1


def test_given_voucher__ordered_with__discount_is_taken_and_it_is_used_up(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None, product: Any
) -> None:
    say(shopper, offer(chat, agent, "voucher.give", template=VOUCHER))
    journey = walk_to_order(shopper, product)

    made = Voucher.objects.get(voucher_set__name=SET_NAME)
    assert journey.discounts == ((made.code, Decimal("5.00")),)
    assert (made.num_orders, made.is_available_to_user()[0]) == (1, False)


def test_given_voucher__another_one__is_neither_proposed_nor_stacked(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None
) -> None:
    first, second = (offer(chat, agent, "voucher.give", template=VOUCHER) for _time in range(2))
    say(shopper, first)
    say(shopper, second)

    assert state_of(second) == ("failed", "A voucher from us is in the basket already.")
    assert Voucher.objects.count() == 2
    with pytest.raises(ActRefusedError, match="given a voucher already"):
        offer(chat, agent, "voucher.give", template=VOUCHER)


def test_given_voucher__beside_the_example_itself__is_refused_and_not_made(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None
) -> None:
    shopper.post(reverse("basket:vouchers-add"), {"code": VOUCHER})
    proposal = offer(chat, agent, "voucher.give", template=VOUCHER)
    say(shopper, proposal)

    assert state_of(proposal) == ("failed", "This voucher is in the basket already.")
    assert Voucher.objects.count() == 1


def test_given_voucher__basket_does_not_qualify__is_not_made(
    shopper: Client, chat: Conversation, agent: Agent, filled: Any, templates: None
) -> None:
    get_model("offer", "Condition").objects.update(value=10)
    proposal = offer(chat, agent, "voucher.give", template=VOUCHER)
    say(shopper, proposal)

    assert state_of(proposal)[0] == "failed"
    assert (Voucher.objects.count(), get_model("voucher", "VoucherSet").objects.count()) == (1, 0)


@pytest.mark.parametrize("codes", [[], ["OTHER"]])
def test_given_voucher__not_chosen_by_the_shop__is_not_proposed(
    chat: Conversation, agent: Agent, settings: Any, codes: list[str]
) -> None:
    give_voucher()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": codes}
    with pytest.raises(ActRefusedError, match="not chosen"):
        offer(chat, agent, "voucher.give", template=VOUCHER)


def test_vouchers__more_than_a_days_share__are_not_proposed_and_a_no_gives_one_back(
    chat: Conversation, agent: Agent, shopper: Client, settings: Any
) -> None:
    give_voucher()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHERS_PER_DAY": 2}
    first, _second = (offer(chat, agent, "voucher.apply", code=VOUCHER) for _time in range(2))
    with pytest.raises(ActRefusedError, match="2 vouchers within 24 hours"):
        offer(chat, agent, "voucher.apply", code=VOUCHER)

    say(shopper, first, "no")
    offer(chat, agent, "voucher.apply", code=VOUCHER)


# A basket that was left


def leave_at_the_bank(client: Client, product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def redirect(*args: object, **kwargs: object) -> None:
        raise RedirectRequired("https://bank.example/3ds")

    monkeypatch.setattr(get_class("checkout.views", "PaymentDetailsView"), "handle_payment", redirect)
    walk_to_preview(client, product)
    client.post(reverse("checkout:preview"), {"action": "place_order"})


@pytest.fixture
def kept(shopper: Client, chat: Conversation, product: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    leave_at_the_bank(shopper, product, monkeypatch)
    return int(VisitorBasket.objects.get().basket_id)


def test_restore__frozen__is_copied_once_and_stays_frozen(shopper: Client, chat: Conversation, agent: Agent, kept: int) -> None:
    first, second = (offer(chat, agent, "basket.restore", basket=kept) for _time in range(2))
    say(shopper, first)
    say(shopper, second)

    assert words(chat)[2] == "Mia would like to put your earlier basket (2 pieces) back into your basket."
    assert (held(), held("Frozen")) == ({"Rain boots": 2}, {"Rain boots": 2})
    assert state_of(first)[0] == "done"
    assert state_of(second) == ("failed", "There is no basket to put back: it was ordered, or the shopper has it already.")


def test_restore__sold_out__is_refused_and_can_still_be_put_back_later(
    shopper: Client, chat: Conversation, agent: Agent, kept: int, product: Any
) -> None:
    proposal = offer(chat, agent, "basket.restore", basket=kept)
    product.stockrecords.update(num_in_stock=1)
    say(shopper, proposal)
    product.stockrecords.update(num_in_stock=50)
    assert (held(), state_of(proposal)[0]) == ({}, "failed")

    say(shopper, offer(chat, agent, "basket.restore", basket=kept))
    assert held() == {"Rain boots": 2}


def test_restore__open_one_that_was_left__is_filled_up(shopper: Client, chat: Conversation, agent: Agent, product: Any) -> None:
    add_to_basket(shopper, product, 3)
    shopper.get(reverse("basket:summary"))
    left = VisitorBasket.objects.get().basket_id
    del shopper.cookies["oscar_open_basket"]
    add_to_basket(shopper, product, 1)
    shopper.get(reverse("basket:summary"))
    say(shopper, offer(chat, agent, "basket.restore", basket=left))

    own = Basket.objects.exclude(pk=left).get()
    assert own.lines.get().quantity == 3
    assert Basket.objects.get(pk=left).lines.get().quantity == 3


@pytest.mark.attack("B05")
def test_restore__another_shoppers__is_not_proposed(
    chat: Conversation, agent: Agent, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_at_the_bank(known_shopper(), product, monkeypatch)
    with pytest.raises(ActRefusedError, match="no basket to put back"):
        offer(chat, agent, "basket.restore", basket=VisitorBasket.objects.get().basket_id)


# What goes wrong, and what is switched off


def break_it(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the shop fail after the line is written."""

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("gone") if where == "database" else RuntimeError("broken")

    name = ("basket.utils", "BasketMessageGenerator")
    monkeypatch.setattr(get_class(*name), "apply_messages", fail)


@pytest.mark.parametrize("where", ["database", "code"])
@pytest.mark.parametrize("is_filled", [True, False])
def test_yes__shop_fails_halfway__basket_and_checkout_are_as_they_were(
    shopper: Client,
    chat: Conversation,
    boots: Proposal,
    product: Any,
    where: str,
    is_filled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if is_filled:
        add_to_basket(shopper, product, 1)
    before = held()
    with monkeypatch.context() as broken:
        break_it(where, broken)
        response = say(shopper, boots)

    assert response.status_code == 302
    assert (held(), state_of(boots)) == (before, ("failed", "Something went wrong in the shop."))
    assert is_filled or "oscar_open_basket" not in shopper.cookies
    assert Basket.objects.count() == int(is_filled)
    assert walk_to_order(shopper, product).orders == 1


def test_yes__what_the_shop_does_after_the_commit_fails__is_done(
    shopper: Client, boots: Proposal, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("mail server")

    def afterwards(*args: object, **kwargs: object) -> None:
        transaction.on_commit(fail)

    monkeypatch.setitem(transaction.get_connection().settings_dict, "ATOMIC_REQUESTS", False)
    basket_addition.connect(afterwards)
    say(shopper, boots)
    basket_addition.disconnect(afterwards)

    assert (held(), state_of(boots)[0]) == ({"Rain boots": 2}, "done")


def test_yes__act_switched_off_meanwhile__is_refused(shopper: Client, boots: Proposal, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACTS_OFF": ["basket.add"]}
    say(shopper, boots)

    assert (held(), state_of(boots)) == ({}, ("failed", "The shop has switched this off."))


@pytest.mark.parametrize(
    ("act", "off", "reason"),
    [("basket.add", ["basket.add"], "switched this off"), ("customer.log_in", [], "nothing of that kind")],
)
def test_propose__off_or_unknown__is_refused(
    chat: Conversation, agent: Agent, product: Any, settings: Any, act: str, off: list[str], reason: str
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACTS_OFF": off}
    with pytest.raises(ActRefusedError, match=reason):
        offer(chat, agent, act, product=product.pk, quantity=1)


def test_propose__chat_of_a_colleague__is_refused(chat: Conversation, product: Any) -> None:
    with pytest.raises(ActRefusedError, match="Take the chat first"):
        offer(chat, make_agent("Noa"), "basket.add", product=product.pk, quantity=1)


def test_propose__in_a_note__is_refused(shopper: Client, agent: Agent, product: Any) -> None:
    with pytest.raises(ActRefusedError, match="Take the chat first"):
        offer(ask(shopper, "note"), agent, "basket.add", product=product.pk, quantity=1)


def test_propose__more_than_a_shopper_can_answer__is_refused_until_one_is(
    shopper: Client, chat: Conversation, agent: Agent, product: Any
) -> None:
    first, *_others = (offer(chat, agent, "basket.add", product=product.pk, quantity=1) for _time in range(3))
    with pytest.raises(ActRefusedError, match="3 proposals"):
        offer(chat, agent, "basket.add", product=product.pk, quantity=1)
    say(shopper, first, "no")
    offer(chat, agent, "basket.add", product=product.pk, quantity=1)


def test_state__nobody_answered_in_time__is_expired_without_anybody_noticing(boots: Proposal) -> None:
    assert boots.expires_at - boots.created_at == timedelta(minutes=10)
    assert boots.state_at(boots.expires_at - timedelta(seconds=1)) == ProposalState.WAITING
    assert boots.state_at(boots.expires_at) == ProposalState.EXPIRED


@pytest.mark.attack("A01")
def test_proposal__title_with_markup__is_shown_as_text(shopper: Client, chat: Conversation, agent: Agent) -> None:
    boots = create_product(price=Decimal("10.00"), num_in_stock=5, title="<img src=x onerror=alert(1)>")
    offer(chat, agent, "basket.add", product=boots.pk, quantity=1)
    for page in (f"/engage/chat/{chat.public_id}/", f"/engage/chat/{chat.public_id}/events/?after=2"):
        assert "<img src=x" not in text_of(shopper.get(page))


def test_proposal__shopper_reads_german__is_asked_and_told_in_it(shopper: Client, agent: Agent, product: Any) -> None:
    chat = begin_chat(shopper, agent)
    Conversation.objects.update(language="de")
    proposal = offer(chat, agent, "basket.add", product=product.pk, quantity=2)
    product.stockrecords.update(num_in_stock=0)
    say(shopper, proposal)

    assert state_of(proposal)[1] != "no stock available"
