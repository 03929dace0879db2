"""What does a shopper get of a conversation? Everything of it, but by default not who on the staff answered."""

import re
from collections.abc import Mapping
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.storage import read_base64
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.pages.read import read_html
from oscar_engage.personal.registry import export_fields

MASK = "[agent]"
"""What stands for the name of an agent unless ``EXPORT_AGENT_NAMES`` is on."""

_CONVERSATION = export_fields(*(field.attname for field in Conversation._meta.concrete_fields if field.name != "agent"))
_PROPOSAL = export_fields(*(field.attname for field in Proposal._meta.concrete_fields if field.name != "agent"))


def export_conversation(conversation: Conversation) -> Mapping[str, Any]:
    """Return the conversation's own fields, who took it and what it was about."""
    return {
        **_CONVERSATION(conversation),
        "agent": name_of_agent(conversation.agent),
        "topic": conversation.topic.slug if conversation.topic else "",
        "wrap_note": _mask(conversation.wrap_note),
    }


def export_message(message: Message) -> Mapping[str, Any]:
    """Return the message; in what the shop wrote, the names of all agents are masked."""
    is_own = message.role == Role.SHOPPER
    return {
        "id": message.pk,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "role": message.role,
        "agent": name_of_agent(message.agent),
        "body": message.body if is_own else _mask(message.body),
        "card": message.card,
        "at": message.at,
    }


def export_note(note: InternalNote) -> Mapping[str, Any]:
    """Return what an agent noted: it is about the person, so it is theirs to read; the names of all agents are masked."""
    return {
        "id": note.pk,
        "conversation_id": note.conversation_id,
        "kind": note.kind,
        "author": name_of_agent(note.author),
        "addressee": name_of_agent(note.addressee),
        "body": _mask(note.body),
        "at": note.at,
    }


def export_proposal(proposal: Proposal) -> Mapping[str, Any]:
    """Return the proposal's own fields and who made it."""
    return {**_PROPOSAL(proposal), "agent": name_of_agent(proposal.agent)}


def export_page(snapshot: PageSnapshot) -> Mapping[str, Any]:
    """Return the copy of the page as it is shown to agents."""
    return {
        "id": snapshot.pk,
        "conversation_id": snapshot.conversation_id,
        "html": read_html(snapshot),
        "width": snapshot.width,
        "height": snapshot.height,
        "scroll_x": snapshot.scroll_x,
        "scroll_y": snapshot.scroll_y,
        "pin": snapshot.pin,
        "at": snapshot.at,
    }


def export_attachment(attachment: Attachment) -> Mapping[str, Any]:
    """Return the file with its content, which is empty if the storage has lost it."""
    return {
        "id": attachment.pk,
        "public_id": attachment.public_id,
        "message_id": attachment.message_id,
        "name": attachment.name,
        "kind": attachment.kind,
        "size": attachment.size,
        "content_base64": read_base64(attachment.path),
    }


def name_of_agent(agent: Agent | None) -> str:
    """Return what the export calls an agent; empty for none."""
    if agent is None:
        return ""
    return agent.display_name if get_settings().export_agent_names else MASK


def _mask(body: str) -> str:
    if get_settings().export_agent_names:
        return body
    names = sorted(filter(None, Agent.objects.values_list("display_name", flat=True)), key=len, reverse=True)
    return re.sub("|".join(rf"\b{re.escape(name)}\b" for name in names), MASK, body) if names else body
