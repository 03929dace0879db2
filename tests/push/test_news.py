"""Is everything that was said found once, with one query, in whatever order it came into view?"""

from collections.abc import Callable
from typing import Any

import pytest

from oscar_engage.core.pushing import Wake
from oscar_engage.desk.models import Message
from oscar_engage.push.news import OVERLAP, News
from tests.push.conftest import new_shopper

pytestmark = pytest.mark.django_db


def test_look__first__learns_where_the_table_ends() -> None:
    new_shopper()
    assert News().look(now=0) == []


def test_look__messages__each_told_once_with_one_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    ada, bob, news = new_shopper(), new_shopper(), News()
    news.look(now=0)
    ada.say()
    bob.say()
    ada.say()
    with django_assert_num_queries(1):
        found = news.look(now=1)
    assert found == [Wake(ada.chat.public_id, 2), Wake(bob.chat.public_id, 2), Wake(ada.chat.public_id, 3)]
    assert news.look(now=2) == []
    bob.say()
    assert news.look(now=60) == [Wake(bob.chat.public_id, 3)]
    assert news.look(now=200) == []


def test_look__empty_table__what_comes_is_found() -> None:
    news = News()
    news.look(now=0)
    assert len(Message.objects.all()) == 0
    ada = new_shopper()
    assert news.look(now=1) == [Wake(ada.chat.public_id, 1)]


def test_look__message_with_an_earlier_key_comes_into_view_later__found() -> None:
    ada, news = new_shopper(), News()
    news.look(now=0)
    ada.say()
    late = Message.objects.latest("pk")
    key = late.pk
    late.delete()
    ada.say()
    assert len(news.look(now=1)) == 1
    late.pk = key
    late.save(force_insert=True)
    assert news.look(now=OVERLAP - 1) == [Wake(ada.chat.public_id, late.seq)]
    assert news.look(now=OVERLAP) == []
