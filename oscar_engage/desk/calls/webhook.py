"""How does a telephone system hear that it should dial? A job sends it a signed request; it rings the agent, then the number.

A request is sent once: an agent who has waited a minute has dialled by hand, and a telephone that rings then only disturbs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.models import CallTry
from oscar_engage.desk.calls.provider import Order
from oscar_engage.desk.calls.signature import sign
from oscar_engage.desk.calls.wire import UnreachableError, post
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import in_two_steps

KIND = "desk.calls.dial"

FRESH_FOR = timedelta(seconds=60)
"""How long after the agent pressed "Call" the telephone may ring."""


class SignedWebhook:
    """Asks the ``URL`` of ``CALL_WEBHOOK`` to dial, with a request that is signed with its ``SECRET``."""

    def link(self, number: str) -> str:
        """Return nothing: the telephone system rings the agent."""
        return ""

    def dial(self, order: Order, *, now: datetime) -> None:
        """Hand the request to a job; the job holds the try's number and no telephone's."""
        enqueue(KIND, key=f"{KIND}:{order.try_id}", payload={"try": order.try_id}, now=now)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a request: ``trouble`` is empty if it was taken."""

    try_id: int
    trouble: str = ""


def body_of(order: Order) -> bytes:
    """Return what is sent, as JSON in UTF-8: ``id`` of the try, ``to``, ``reference``, and the ``agent``."""
    agent = {"id": order.agent_id, "name": order.agent_name}
    said = {"id": order.try_id, "to": order.number, "reference": order.reference, "agent": agent}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _send(payload: Mapping[str, Any], *, now: datetime) -> Sent:
    tries = CallTry.objects.select_related("call__conversation", "agent")
    found = tries.filter(pk=payload["try"], outcome="", trouble="", agent__isnull=False).first()
    if found is None or found.agent is None:
        return Sent(payload["try"])
    if now - found.begun_at > FRESH_FOR:
        return Sent(found.pk, "too late")
    order = Order(
        try_id=found.pk,
        number=found.call.number,
        reference=found.call.conversation.reference,
        agent_id=found.agent.pk,
        agent_name=found.agent.display_name,
    )
    webhook, body = dict(get_settings().call_webhook), body_of(order)
    if not webhook:
        return Sent(found.pk, "not set up")
    headers = {"Content-Type": "application/json", **sign(webhook["SECRET"], body, at=now)}
    try:
        post(webhook["URL"], body, headers, allows_private=bool(webhook.get("PRIVATE")))
    except UnreachableError as error:
        return Sent(found.pk, str(error)[:80])
    return Sent(found.pk)


def _note(sent: Sent, *, now: datetime) -> None:
    if sent.trouble:
        CallTry.objects.filter(pk=sent.try_id, outcome="").update(trouble=sent.trouble)


in_two_steps(KIND, read=_send, write=_note)
