"""How did our first agent practise last week? Three sittings, each better than the one before: the pages have something."""

import uuid
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from oscar_engage.dashboard.desk.agent import get_agent
from oscar_engage.desk.practice.models import Practice, PracticeChat
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.practice.run import advance, answer, begin_practice, stop, wrap
from oscar_engage.desk.topics.store import active_topics

AGENT = "agent-one@example.com"

SITTINGS = ((9, "easy", 1, 70, 1), (6, "easy", 2, 35, 2), (2, "medium", 2, 14, 9))
"""Days ago, difficulty, shoppers at once, seconds to each answer, and how many of the facts to look up were told."""

_STEP, _LASTS = 5, 420  # seconds from one look at the page to the next, and of a sitting


def load_practice(now: datetime) -> None:
    """Play them, unless the agent has practised. The people and topics have to be there."""
    agent = get_agent(get_user_model().objects.get(email=AGENT))
    if Practice.objects.filter(agent=agent).exists():
        return
    for days, difficulty, size, pace, facts in SITTINGS:
        began = now - timedelta(days=days)
        chosen = {"size": size, "difficulty": difficulty, "language": "en", "seed": f"sandbox {days}"}
        practice = begin_practice(agent, **chosen, now=began)  # type: ignore[arg-type]  # the values fit their names
        _play(practice, began, pace=pace, facts=facts)


def _play(practice: Practice, began: datetime, *, pace: int, facts: int) -> None:
    """Answer each shopper ``pace`` seconds after their last line with what stands beside them, the next fact each time."""
    topics = {topic.slug for topic in active_topics()}
    for second in range(0, _LASTS, _STEP):
        now = began + timedelta(seconds=second)
        practice = advance(practice, now=now)
        for chat in practice.chats.select_related("practice").exclude(last_seq=0).filter(is_wrapped=False):
            if chat.ended_as:
                wrap(chat, topic=SCRIPTS.get(chat.script).topic, known=topics, now=now)
            elif _waits_long(chat, now, pace):
                answer(chat, body=_say(chat, facts), client_id=uuid.uuid4(), is_ready=False, now=now)
    stop(practice, now=began + timedelta(seconds=_LASTS))


def _waits_long(chat: PracticeChat, now: datetime, pace: int) -> bool:
    last = chat.lines.order_by("-seq")[0]
    return bool(last.move) and now - last.at >= timedelta(seconds=pace)


def _say(chat: PracticeChat, facts: int) -> str:
    said, known = chat.lines.filter(move="").count(), SCRIPTS.get(chat.script).lookup[:facts]
    return ("Hello! " if not said else "") + known[min(said, len(known) - 1)]
