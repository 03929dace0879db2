"""How does a promise go on? What an answer, a question and a pause do to a conversation's clocks.

One promise is watched at a time: the answer's while one is owed, then the solution's. ``watch_at`` is when the sweep looks
next; ``warned_at`` and ``breached_at`` are of the answer to the latest question, and begin anew with the next one. All
functions change a conversation that the caller has locked, and saves.
"""

from datetime import datetime

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.promises.terms import Terms, terms_of

FIELDS = ("due_at", "resolve_by", "paused_at", "watch_at", "warned_at", "breached_at", "owed_since")
"""The columns that these functions change."""


def owes_answer(conversation: Conversation) -> bool:
    """Whether the shopper waits for an answer: to the first question, in a note to the latest, in a chat that went back."""
    if conversation.status in {ConversationStatus.CLOSED, ConversationStatus.PLANNED}:
        return False
    is_waiting_note = conversation.kind == ConversationKind.NOTE and conversation.status == ConversationStatus.WAITING
    return is_waiting_note or conversation.first_reply_at is None or conversation.owed_since is not None


def begin(conversation: Conversation, terms: Terms, *, now: datetime) -> None:
    """Promise an answer, and where the policy says so a solution, to what was asked ``now``."""
    conversation.policy_id = terms.policy_id
    conversation.resolve_by = terms.resolve_by(now)
    promise_answer(conversation, terms, now=now)


def promise_answer(conversation: Conversation, terms: Terms, *, now: datetime) -> None:
    """Promise an answer to what was asked ``now``."""
    conversation.owed_since = now
    conversation.due_at = terms.answer_by(now)
    conversation.watch_at = terms.warn_of_answer_at(now)
    conversation.warned_at = conversation.breached_at = None


def after_question(locked: Conversation, *, now: datetime, is_new: bool) -> None:
    """Let the clock go on that waited for the shopper; ``is_new``: an answer to this is promised anew."""
    if not is_new and locked.paused_at is None:
        return
    terms = terms_of(locked.policy)
    if locked.paused_at is not None and locked.resolve_by is not None:
        locked.resolve_by = terms.resumed(locked.resolve_by, paused_at=locked.paused_at, now=now)
    locked.paused_at = None
    if is_new:
        promise_answer(locked, terms, now=now)
    else:
        _watch_solution(locked, terms, now=now)


def after_answer(locked: Conversation, *, now: datetime, was_owed: bool, is_question: bool) -> None:
    """Watch the solution instead of the answer that ``was_owed``; an agent's ``is_question`` makes its clock wait."""
    locked.owed_since = None
    if locked.resolve_by is None:
        locked.watch_at = None
        return
    is_pausing = is_question and locked.paused_at is None
    if is_pausing:
        locked.paused_at, locked.watch_at = now, None
    elif was_owed:
        _watch_solution(locked, terms_of(locked.policy), now=now)


def after_return(locked: Conversation, *, now: datetime) -> None:
    """Promise an answer to whoever waits for another agent from ``now`` on; one that is owed already keeps its time.

    It is our turn again, so a clock that waited for the shopper goes on.
    """
    terms = terms_of(locked.policy)
    if locked.paused_at is not None and locked.resolve_by is not None:
        locked.resolve_by = terms.resumed(locked.resolve_by, paused_at=locked.paused_at, now=now)
    locked.paused_at = None
    if not owes_answer(locked):
        promise_answer(locked, terms, now=now)


def _watch_solution(locked: Conversation, terms: Terms, *, now: datetime) -> None:
    if locked.resolve_by is None or locked.solution_breached_at is not None:
        locked.watch_at = None
    elif locked.solution_warned_at is not None:
        locked.watch_at = locked.resolve_by
    else:
        locked.watch_at = terms.warn_of_solution_at(locked.resolve_by, now=now)
