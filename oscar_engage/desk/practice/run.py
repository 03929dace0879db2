"""What happens in a sitting? It begins, the shoppers say what is due, the agent answers and wraps up, and it ends.

Nothing runs by itself: the page asks (:func:`advance`) and what is due by then is written, once however many tabs ask.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent
from oscar_engage.desk.practice.clock import go_on, is_stale, keep_clock, pause, second_of
from oscar_engage.desk.practice.deal import deal
from oscar_engage.desk.practice.first import is_needed
from oscar_engage.desk.practice.judge import ENDS, Ending, judge
from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.desk.practice.registry import SCRIPTS, scripts_in
from oscar_engage.desk.practice.script import Script
from oscar_engage.desk.practice.shopper import LEAVING, Move, Next, Said, next_line
from oscar_engage.desk.promises.choose import choose_terms
from oscar_engage.desk.text import clean_message

MOST_ANSWERS = 200
"""An agent's lines in one conversation of practice, at most."""

_CLOCK = ("seen_at", "waited", "paused_at", "ended_at")


class ChatOverError(ValueError):
    """The shopper has left, has not come yet, or the agent has closed it."""


class PausedError(ValueError):
    """The sitting stands still: nothing is said before it goes on."""


class NeededError(ValueError):
    """A real shopper waits for this agent and goes first."""


class NoScriptError(ValueError):
    """There is nobody to practise with in this language as hard as this."""


def begin_practice(agent: Agent, *, size: int, language: str, difficulty: str, seed: str, now: datetime) -> Practice:
    """Begin a sitting with up to ``size`` shoppers and return it; one that is open already is returned as it is.

    ``seed`` decides who comes and when. Raises :class:`NeededError` or :class:`NoScriptError`.
    """
    if is_needed(agent, now=now):
        raise NeededError(f"A shopper waits for {agent}.")
    with transaction.atomic(using=get_settings().database):
        Agent.objects.select_for_update().get(pk=agent.pk)  # two windows begin one sitting
        already = open_practice(agent)
        if already is not None:
            return already
        dealt = deal(scripts_in(language, difficulty), size=size, done=_done(agent), seed=seed)
        if not dealt:
            raise NoScriptError(f"No script in {language!r}.")
        promise = round(choose_terms(None).first / timedelta(seconds=1))
        chosen = {"language": language, "difficulty": difficulty, "seed": seed, "promise": promise}
        practice = Practice.objects.create(agent=agent, started_at=now, seen_at=now, **chosen)
        PracticeChat.objects.bulk_create(
            PracticeChat(
                practice=practice,
                script=one.script.key,
                title=one.script.title,
                shopper=one.script.shopper,
                begins=one.begins,
                needs=len(one.script.needs),
            )
            for one in dealt
        )
    return practice


def open_practice(agent: Agent) -> Practice | None:
    """Return the sitting that ``agent`` has not ended; one query."""
    return Practice.objects.filter(agent=agent, ended_at__isnull=True).first()


def advance(practice: Practice, *, now: datetime) -> Practice:
    """Write what the shoppers say by ``now`` and return the row as it is then; it pauses where a real shopper waits.

    Four queries where nothing is due.
    """
    if practice.ended_at is not None:
        return practice
    is_called = practice.paused_at is None and is_needed(practice.agent, now=now)
    if not is_called and not is_stale(practice, now=now) and not _is_due(practice, now):
        return practice
    with transaction.atomic(using=get_settings().database):
        locked = _locked(practice)
        _bring_up(locked, now)
        if is_called and locked.ended_at is None:
            pause(locked, now=now)
        locked.save(update_fields=_CLOCK)
    return locked


def answer(chat: PracticeChat, *, body: str, client_id: uuid.UUID, is_ready: bool, now: datetime) -> PracticeLine:
    """Add the agent's line and return it; a repeated ``client_id`` returns the line that is there already.

    Raises :class:`ChatOverError`, :class:`PausedError` or ``InvalidMessageError``.
    """
    text = clean_message(body)
    with transaction.atomic(using=get_settings().database):
        practice = _locked(chat.practice)
        repeated = chat.lines.filter(client_id=client_id).first()
        if repeated is not None:
            return repeated
        if practice.paused_at is not None:
            raise PausedError(f"{practice} stands still.")
        _bring_up(practice, now)
        practice.save(update_fields=_CLOCK)
        chat.refresh_from_db()
        second = second_of(practice, now=now) - chat.begins
        is_over = chat.ended_as or practice.ended_at is not None or not chat.last_seq
        if is_over or chat.lines.filter(move="").count() >= MOST_ANSWERS:
            raise ChatOverError(f"{chat} is over.")
        line = PracticeLine(chat=chat, body=text, second=second, at=now, client_id=client_id, is_ready=is_ready)
        _append(line)
    return line


def wrap(chat: PracticeChat, *, topic: str, known: Collection[str], now: datetime) -> PracticeChat:
    """Close the conversation with what it was about and return it; the last one ends the sitting.

    ``known``: the short names of the topics to choose from; whether ``topic`` is right is judged where the script's is one.
    """
    with transaction.atomic(using=get_settings().database):
        practice = _locked(chat.practice)
        _bring_up(practice, now)
        chat.refresh_from_db()
        if chat.last_seq and not chat.is_wrapped:
            script = _script_of(chat)
            if not chat.ended_as:
                _finish(chat, Ending.CLOSED, second_of(practice, now=now) - chat.begins, said_in(chat))
            chat.is_wrapped, chat.topic = True, topic
            if script is not None and script.topic in known:
                chat.is_topic_right = topic == script.topic
            chat.save()
            _end_if_done(practice, now)
        practice.save(update_fields=_CLOCK)
    return chat


def set_paused(practice: Practice, is_paused: bool, *, now: datetime) -> Practice:
    """Have the sitting stand still or go on, and return it; :class:`NeededError` while a real shopper waits."""
    if not is_paused and is_needed(practice.agent, now=now):
        raise NeededError(f"A shopper waits for {practice.agent}.")
    with transaction.atomic(using=get_settings().database):
        locked = _locked(practice)
        if locked.ended_at is None:
            if is_paused:
                _bring_up(locked, now)
                pause(locked, now=now)
            else:
                go_on(locked, now=now)
            locked.save(update_fields=_CLOCK)
    return locked


def stop(practice: Practice, *, now: datetime) -> Practice:
    """End the sitting now and return it: conversations that were going on are not judged."""
    with transaction.atomic(using=get_settings().database):
        locked = _locked(practice)
        if locked.ended_at is None:
            locked.chats.filter(ended_as="").update(ended_as=Ending.STOPPED, is_wrapped=True)
            locked.chats.update(is_wrapped=True)
            locked.ended_at = now
            locked.save(update_fields=_CLOCK)
    return locked


def said_in(chat: PracticeChat) -> list[Said]:
    """Return the transcript of ``chat`` as the shopper's fold takes it, from its ``lines``."""
    lines = sorted(chat.lines.all(), key=lambda line: line.seq)
    return [Said(line.second, line.body, Move(line.move) if line.move else None) for line in lines]


def next_of(chat: PracticeChat, said: Sequence[Said], seed: str) -> Next | None:
    """Return what the shopper of ``chat`` says after ``said``; ``None`` where it has ended, or its script is gone."""
    script = None if chat.ended_as else _script_of(chat)
    return None if script is None else next_line(script, said, seed=f"{seed} {chat.script}")


def open_chats(practice: Practice) -> QuerySet[PracticeChat]:
    """Return the conversations in the order in which their shoppers come, with their lines; two queries."""
    return practice.chats.prefetch_related("lines").order_by("begins", "pk")


def _is_due(practice: Practice, now: datetime) -> bool:
    if practice.paused_at is not None:
        return False
    second = second_of(practice, now=now)
    for chat in open_chats(practice):
        if not chat.ended_as and chat.script not in SCRIPTS:
            return True
        coming = next_of(chat, said_in(chat), practice.seed)
        if coming is not None and coming.second + chat.begins <= second:
            return True
    return False


def _bring_up(practice: Practice, now: datetime) -> None:
    """Write all that is due by ``now``; inside the caller's transaction, which saves ``practice``."""
    if practice.ended_at is not None:
        return
    keep_clock(practice, now=now)
    if practice.paused_at is not None:
        return
    second = second_of(practice, now=now)
    for chat in open_chats(practice):
        if not chat.ended_as and chat.script not in SCRIPTS:
            chat.ended_as, chat.is_wrapped = Ending.STOPPED, True
            chat.save()
            continue
        _speak(chat, practice.seed, second - chat.begins, now)
    _end_if_done(practice, now)


def _speak(chat: PracticeChat, seed: str, second: float, now: datetime) -> None:
    said = said_in(chat)
    while (coming := next_of(chat, said, seed)) is not None and coming.second <= second:
        at = now - timedelta(seconds=second - coming.second)
        line = PracticeLine(chat=chat, body=coming.body, move=coming.move, second=coming.second, at=at)
        if not _append(line):
            return
        said.append(Said(coming.second, coming.body, coming.move))
        if coming.move in LEAVING:
            _finish(chat, ENDS[coming.move], coming.second, said)
            chat.save()


def _append(line: PracticeLine) -> bool:
    """Write ``line`` as the next of its conversation; not where another tab was quicker."""
    chat = line.chat
    taken = PracticeChat.objects.filter(pk=chat.pk, last_seq=chat.last_seq).update(last_seq=chat.last_seq + 1)
    if not taken:
        return False
    chat.last_seq += 1
    line.seq = chat.last_seq
    line.save(force_insert=True)
    return True


def _finish(chat: PracticeChat, ending: Ending, second: float, said: Sequence[Said]) -> None:
    """Set how it ended and what came of it; the caller saves."""
    chat.ended_as, chat.ended_second = ending, second
    script = _script_of(chat)
    if script is None:
        return
    result = judge(script, said, until=second)
    if ending is Ending.CLOSED and result.met == len(result.needs):
        chat.ended_as = Ending.RESOLVED
    chat.result = result.as_json()
    chat.first_response, chat.longest_response = result.first, result.longest
    chat.met, chat.slips = result.met, len(result.slips)
    chat.ready_lines = chat.lines.filter(is_ready=True).count()


def _end_if_done(practice: Practice, now: datetime) -> None:
    if not practice.chats.filter(is_wrapped=False).exists():
        practice.ended_at = now


def _done(agent: Agent) -> Counter[str]:
    keys = PracticeChat.objects.filter(practice__agent=agent).values_list("script", flat=True)
    return Counter(key.rpartition(".")[0] for key in keys)


def _script_of(chat: PracticeChat) -> Script | None:
    return SCRIPTS.get(chat.script) if chat.script in SCRIPTS else None


def _locked(practice: Practice) -> Practice:
    return Practice.objects.select_for_update(of=("self",)).select_related("agent").get(pk=practice.pk)
