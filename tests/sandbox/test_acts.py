"""Can the sandbox's agents act for its shoppers at once: with a size, with the voucher that stands ready?"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import set_presence
from tests.sandbox.shopping import product
from tests.storefront.acting import begin_chat, held, offer, say, state_of, words
from tests.storefront.beats import known_shopper

pytestmark = pytest.mark.django_db(transaction=False)
Chat = tuple[Client, Conversation, Agent]


@pytest.fixture
def chat() -> Chat:
    user = get_user_model().objects.get(email="agent-one@example.com")
    agent, _created = Agent.objects.get_or_create(user_id=user.pk, defaults={"display_name": user.first_name})
    agent = set_presence(agent, "online", now=timezone.now())
    shopper = known_shopper()
    return shopper, begin_chat(shopper, agent), agent


def test_add__a_size__is_in_the_basket(chat: Chat) -> None:
    shopper, conversation, agent = chat
    boots = product("boots-01-42")
    proposal = offer(conversation, agent, "basket.add", product=boots.parent_id, child_id=boots.pk, quantity=1)
    assert say(shopper, proposal).status_code == 302
    assert state_of(proposal) == ("done", words(conversation)[-1])
    assert held() == {boots.get_title(): 1}


def test_give__the_voucher_that_stands_ready__takes_a_tenth_off_and_its_own_code_does_not(chat: Chat) -> None:
    shopper, conversation, agent = chat
    assert agent.user.has_perm("oscar_engage.act_for_shopper")
    say(shopper, offer(conversation, agent, "basket.add", product=product("stoves-01").pk, quantity=1))
    proposal = offer(conversation, agent, "voucher.give", template="SORRY10")
    say(shopper, proposal)
    assert state_of(proposal)[0] == "done", state_of(proposal)

    shopper.post("/en/basket/vouchers/add/", {"code": "SORRY10"})
    [given] = get_model("basket", "Basket").objects.get(lines__product__upc="stoves-01", status="Open").vouchers.all()
    assert (given.code != "SORRY10", given.usage) == (True, "Single use")
