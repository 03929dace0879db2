"""Was anything lost, doubled, left behind or silently broken? Asked of the database and of everybody's pages at the end."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.drive.session.stage import Stage, Talk

SHOP_ZONE = ZoneInfo("Europe/London")
_ALL = """
import json
from django.utils import timezone
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.models import Agent, Conversation, Presence
now = timezone.now()
def stamp(at):
    return at and at.timestamp()
def there(agent):
    lease = agent and agent.lease_until
    return bool(lease) and agent.presence != Presence.OFFLINE and lease > now
print(json.dumps({
    "now": now.timestamp(),
    "conversations": {one.public_id: {
        "reference": one.reference, "kind": one.kind, "status": one.status, "agent": one.agent_id,
        "is_there": there(one.agent),
        "weight": one.weight, "breached": stamp(one.breached_at), "escalated": stamp(one.escalated_at),
        "messages": [(m.seq, m.role, m.body, stamp(m.at)) for m in one.messages.order_by("seq")],
    } for one in Conversation.objects.select_related("agent")},
    "agents": {one.pk: (one.display_name, one.used_tenths) for one in Agent.objects.all()},
    "holds": [one.agent_id for one in Hold.objects.filter(ended_at=None)],
    "late_invited": Hold.objects.filter(asked_at__isnull=False, seated_at=None).count(),
}))
"""


def check(stage: Stage) -> None:
    """Check it all; each finding is a failure of the session."""
    found = stage.look(_ALL)
    for words, findings in (
        ("every message stands in its transcript once and in order", _transcripts(stage, found)),
        ("every conversation is closed, with somebody present, or waits", _owners(found)),
        ("slots are as many as live chats", _slots(found)),
        ("every promise shown was kept or is shown as broken", _promises(stage, found)),
        ("nobody who was invited waited", [f"{found['late_invited']} waited"] if found["late_invited"] else []),
        ("the shoppers' pages show the same", _shoppers_pages(stage)),
        ("the agents' pages show the same", _agents_pages(stage)),
    ):
        stage.failures += [f"{words}: {finding}" for finding in findings]
        stage.tell(f"{'FAILED' if findings else 'holds '}  {words}" + "".join(f"\n        {finding}" for finding in findings))
    messages = sum(len(one["messages"]) for one in found["conversations"].values())
    stage.figures["conversations"] = str(len(found["conversations"]))
    stage.figures["messages"] = (
        f"{messages}, of which {sum(len(talk.said) for talk in stage.talks.values())} by people of the session"
    )
    stage.figures["promises shown"] = str(sum(len(talk.promises) for talk in stage.talks.values()))


def _transcripts(stage: Stage, found: dict[str, Any]) -> list[str]:
    wrong = [f"{name} is gone" for name, talk in stage.talks.items() if talk.public_id not in found["conversations"]]
    unknown = set(found["conversations"]) - {talk.public_id for talk in stage.talks.values()}
    wrong += [f"nobody began {public_id}" for public_id in unknown]
    for name, talk in stage.talks.items():
        if talk.public_id not in found["conversations"]:
            continue
        rows = found["conversations"][talk.public_id]["messages"]
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            wrong.append(f"{name}: the numbers have holes: {[row[0] for row in rows]}")
        stored = [(row[1], _plain(row[2])) for row in rows if row[1] != "system"]
        said = [(role, _plain(words)) for role, words in talk.said]
        if stored != said:
            wrong.append(f"{name}: said {said}, stored {stored}")
    return wrong


def _owners(found: dict[str, Any]) -> list[str]:
    wrong = []
    for one in found["conversations"].values():
        waits = one["status"] == "waiting" and (one["agent"] is None or one["kind"] == "note")
        is_answered_note = one["kind"] == "note" and one["status"] == "open"  # waits for its shopper, whoever is here
        if not (one["status"] == "closed" or waits or is_answered_note or one["is_there"]):
            wrong.append(f"{one['reference']} is {one['status']} with nobody")
    return wrong


def _slots(found: dict[str, Any]) -> list[str]:
    chats = [one for one in found["conversations"].values() if one["kind"] == "chat" and one["status"] == "open"]
    wrong = [f"{one['reference']} weighs {one['weight']}" for one in chats if one["weight"] not in (1, 10)]
    live = {one["reference"] for one in chats}
    wrong += [
        f"{one['reference']} weighs {one['weight']} and is no live chat"
        for one in found["conversations"].values()
        if one["weight"] and one["reference"] not in live
    ]
    for pk, (name, used) in found["agents"].items():
        held = sum(one["weight"] for one in chats if str(one["agent"]) == pk)
        held += 10 * sum(str(agent) == pk for agent in found["holds"])
        if held != used:
            wrong.append(f"{name}: {used} tenths in use, {held} held")
    return wrong


def _promises(stage: Stage, found: dict[str, Any]) -> list[str]:
    wrong, kept, broken = [], 0, set()
    for name, talk in stage.talks.items():
        one = found["conversations"].get(talk.public_id)
        for shown, at in talk.promises if one else ():
            by = _latest(shown, at)
            answered = min((row[3] for row in one["messages"] if row[1] == "agent" and row[3] > at), default=None)
            if answered is not None and answered <= by:
                kept += 1
            elif answered is not None or found["now"] > by:
                broken.add(one["reference"])
                if not (one["breached"] or one["escalated"]):
                    wrong.append(f"{name}: promised by {shown}, not kept, and not shown as broken")
    on_board = _broken_on_board(stage)
    if on_board != str(len(broken)):
        wrong.append(f"{len(broken)} conversations with a broken promise, and the board says {on_board}")
    stage.figures["promises kept"] = str(kept)
    stage.figures["conversations in which one was broken, and shown so"] = str(len(broken))
    return wrong


def _broken_on_board(stage: Stage) -> str:
    page = stage.pages["Sven"]
    page.goto(f"{stage.shop.address}/dashboard/engage/board/")
    return page.locator(".engage-figure", has_text="Promises broken today").locator("dd").first.inner_text()


def _latest(shown: str, at: float) -> float:
    """When "by hh:mm", read at ``at``, is over: with that minute, for seconds are not shown."""
    hour, minute = map(int, shown.split(":"))
    read = datetime.fromtimestamp(at, tz=UTC).astimezone(SHOP_ZONE)
    by = read.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(minutes=1)
    return (by if by > read else by + timedelta(days=1)).timestamp()


def _shoppers_pages(stage: Stage) -> list[str]:
    wrong = []
    for name, talk in stage.talks.items():
        page = talk.page.context.new_page()
        for kind in ("chat", "note"):
            answer = page.goto(f"{stage.shop.address}/engage/{kind}/{talk.public_id}/")
            if answer is not None and answer.ok:
                break
        list_of = page.locator("main .engage-messages, body .engage-messages").first
        wrong += _compare(name, talk, list_of.locator(".engage-message:not([data-role=system]) .engage-text").all_inner_texts())
        page.close()
    return wrong


def _agents_pages(stage: Stage) -> list[str]:
    wrong = []
    page = stage.pages["Sven"]
    for name, talk in stage.talks.items():
        page.goto(f"{stage.shop.address}/dashboard/engage/desk/{talk.public_id}/")
        said = page.locator("#engage-transcript > li[data-role=shopper] > p, #engage-transcript > li[data-role=agent] > p")
        wrong += _compare(name, talk, said.all_inner_texts())
    return wrong


def _compare(name: str, talk: Talk, shown: list[str]) -> list[str]:
    said = [_plain(words) for _role, words in talk.said]
    there = [_plain(words) for words in shown]
    return [] if said == there else [f"{name}: said {said}, shown {there}"]


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()
