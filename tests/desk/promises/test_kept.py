"""Is what was kept and broken today counted once each, and rightly?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.promises.kept import Kept, read_kept
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW - timedelta(hours=9)
YESTERDAY = NOW - timedelta(hours=20)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("columns", "kept", "broken"),
    [
        ({}, 0, 0),  # waits, in time
        ({"first_reply_at": NOW - HOUR}, 1, 0),
        ({"first_reply_at": YESTERDAY}, 0, 0),
        ({"first_reply_at": NOW - HOUR, "due_at": NOW - 2 * HOUR}, 0, 1),  # answered late between two sweeps
        ({"first_reply_at": NOW - HOUR, "due_at": NOW - 2 * HOUR, "breached_at": NOW - 2 * HOUR}, 0, 1),
        ({"due_at": NOW - HOUR}, 0, 1),  # late, and the sweep has not been there
        ({"due_at": NOW - HOUR, "breached_at": NOW - HOUR, "escalated_at": NOW - HOUR}, 0, 1),
        ({"due_at": YESTERDAY, "breached_at": YESTERDAY, "escalated_at": YESTERDAY}, 0, 0),  # broken yesterday
        ({"first_reply_at": NOW - HOUR, "breached_at": YESTERDAY, "escalated_at": YESTERDAY}, 0, 0),
        ({"status": "closed", "closed_at": NOW}, 0, 0),  # by the shopper, without an answer
        ({"status": "closed", "closed_at": NOW, "first_reply_at": YESTERDAY}, 1, 0),
        ({"status": "closed", "closed_at": NOW, "first_reply_at": YESTERDAY, "resolve_by": NOW - HOUR}, 0, 1),
        ({"status": "closed", "closed_at": NOW, "first_reply_at": YESTERDAY, "resolve_by": NOW + HOUR}, 1, 0),
        (
            {"status": "closed", "closed_at": NOW, "first_reply_at": YESTERDAY, "resolve_by": NOW - HOUR, "paused_at": TODAY},
            1,
            0,
        ),
        ({"status": "open", "first_reply_at": YESTERDAY, "owed_since": None, "resolve_by": NOW - HOUR}, 0, 1),
        ({"status": "open", "first_reply_at": YESTERDAY, "owed_since": YESTERDAY, "due_at": NOW - HOUR}, 0, 1),  # went back
        ({"first_reply_at": NOW - HOUR, "owed_since": None, "solution_breached_at": NOW - HOUR}, 0, 1),
    ],
)
def test_kept__one_conversation__is_kept_or_broken_or_neither(
    columns: dict[str, Any], kept: int, broken: int, chat: Conversation
) -> None:
    Conversation.objects.update(**({"owed_since": None, "due_at": NOW + HOUR} | columns))
    assert read_kept(since=TODAY, now=NOW) == Kept(kept=kept, broken=broken)


def test_kept__share__is_of_what_was_decided(make_chat: Callable[[], Conversation], django_assert_num_queries: Any) -> None:
    assert read_kept(since=TODAY, now=NOW).share is None
    chats = [make_chat() for _chat in range(4)]
    for chat in chats[:3]:
        Conversation.objects.filter(pk=chat.pk).update(first_reply_at=NOW, owed_since=None)
    Conversation.objects.filter(pk=chats[3].pk).update(due_at=NOW - HOUR)
    with django_assert_num_queries(1):
        assert read_kept(since=TODAY, now=NOW).share == 0.75
