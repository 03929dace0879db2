"""Who is woken for a shared page? Its two sides, and no desk beside them."""

import pytest

from oscar_engage.core.pushing import LIVE, Wake, read_ids, read_wake, write_wake
from oscar_engage.push.access import Caller, find_own
from oscar_engage.push.hub import Hub, Stream
from oscar_engage.sharing.finish import end
from oscar_engage.sharing.models import Ended, LiveSession
from oscar_engage.visitors.models import Visitor
from tests.sharing.conftest import NOW


@pytest.mark.django_db
def test_listening__own_shopper__nobody_else__and_none_when_it_is_over(live: LiveSession) -> None:
    topic = f"{LIVE}{live.public_id}"
    own = Caller(Visitor.objects.get(pk=live.conversation.visitor_id).key, None)
    assert find_own(own, [topic, live.conversation.public_id]).keys() == {topic, live.conversation.public_id}
    assert find_own(Caller("0" * 32, "no-such-session"), [topic]) == {}
    end(live, Ended.SHOPPER, now=NOW)
    assert find_own(own, [topic]) == {}


def test_wake__of_a_shared_page__reaches_its_listeners_and_no_desk() -> None:
    hub, desk, side = Hub(most=9), Stream("a", None, dies_at=9), Stream("b", ("live.x",), dies_at=9)
    hub.add(desk)
    hub.add(side)
    hub.wake(Wake("live.x", 0))
    assert (desk._pending, side._pending) == ({}, {"live.x": 0})
    assert read_wake(write_wake(Wake("live.x", 0))) == Wake("live.x", 0)
    assert read_ids("live.x,abc", most=2) == ("live.x", "abc")
    assert read_ids("desk.x", most=2) == ()
