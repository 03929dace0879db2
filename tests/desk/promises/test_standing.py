"""Does the desk see how each conversation stands, before the sweep as after it?"""

from datetime import datetime
from typing import Any

import pytest

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.promises.standing import Pace, standing_of
from tests.desk.promises.conftest import utc

NOW = utc("05-04 10:00")
EARLIER, LATER = utc("05-04 09:00"), utc("05-04 11:00")


def conversation(**columns: Any) -> Conversation:
    made = {"kind": ConversationKind.NOTE, "created_at": EARLIER, "due_at": LATER}
    return Conversation(**{**made, **columns})


ANSWERED: dict[str, Any] = {"status": ConversationStatus.OPEN, "first_reply_at": EARLIER}


@pytest.mark.parametrize(
    ("columns", "pace", "until", "is_answer"),
    [
        ({}, Pace.IN_TIME, LATER, True),
        ({"watch_at": LATER}, Pace.IN_TIME, LATER, True),
        ({"watch_at": EARLIER}, Pace.SOON, LATER, True),
        ({"watch_at": LATER, "warned_at": EARLIER}, Pace.SOON, LATER, True),
        ({"due_at": NOW}, Pace.LATE, NOW, True),
        ({"first_reply_at": EARLIER}, Pace.IN_TIME, LATER, True),  # asked again
        (ANSWERED, Pace.KEPT, None, False),
        ({**ANSWERED, "resolve_by": LATER, "warned_at": EARLIER}, Pace.IN_TIME, LATER, False),
        ({**ANSWERED, "resolve_by": LATER, "solution_warned_at": EARLIER}, Pace.SOON, LATER, False),
        ({**ANSWERED, "resolve_by": LATER}, Pace.IN_TIME, LATER, False),
        ({**ANSWERED, "resolve_by": EARLIER}, Pace.LATE, EARLIER, False),
        ({**ANSWERED, "resolve_by": LATER, "paused_at": EARLIER}, Pace.PAUSED, None, False),
        ({**ANSWERED, "resolve_by": EARLIER, "status": ConversationStatus.CLOSED}, Pace.KEPT, None, False),
        ({"kind": ConversationKind.CHAT, "status": ConversationStatus.OPEN}, Pace.IN_TIME, LATER, True),
        ({"kind": ConversationKind.CHAT, "first_reply_at": EARLIER}, Pace.KEPT, None, False),
    ],
)
def test_standing__as_it_is__is_said(columns: dict[str, Any], pace: Pace, until: datetime | None, is_answer: bool) -> None:
    standing = standing_of(conversation(**columns), now=NOW)
    assert (standing.pace, standing.until, standing.is_answer) == (pace, until, is_answer)


def test_standing__urgency__puts_the_latest_first_and_what_is_kept_last() -> None:
    kept, paused = conversation(**ANSWERED), conversation(**ANSWERED, resolve_by=LATER, paused_at=EARLIER)
    late, later, soon, fine = (
        conversation(due_at=EARLIER),
        conversation(due_at=NOW),
        conversation(warned_at=EARLIER),
        conversation(),
    )
    urgent = [late, later, soon, fine, paused, kept]
    assert sorted([fine, late, kept, soon, later, paused], key=lambda one: standing_of(one, now=NOW).urgency) == urgent
