"""Do chats that go on while a shop updates keep their slots?"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.take import close, take

queues = import_module("oscar_engage.migrations.0006_queues")


@pytest.mark.django_db
def test_weigh_open_chats__as_they_were_before__weigh_a_slot_and_the_agent_carries_it(
    make_chat: Callable[[], Conversation], agent: Agent, now: datetime
) -> None:
    going_on, ended, waiting = make_chat(), make_chat(), make_chat()
    for chat in (going_on, ended):
        take(chat, agent, now=now)
    close(ended, agent, now=now)
    Conversation.objects.update(weight=0, spoken_at=None)
    Agent.objects.update(used_tenths=1)  # the renamed column, in whole slots

    editor = connection.schema_editor()
    queues.weigh_open_chats(apps, editor)

    found = dict(Conversation.objects.values_list("pk", "weight"))
    assert found == {going_on.pk: 10, ended.pk: 0, waiting.pk: 0}
    assert Conversation.objects.get(pk=going_on.pk).spoken_at == now
    assert Agent.objects.get().used_tenths == 10
