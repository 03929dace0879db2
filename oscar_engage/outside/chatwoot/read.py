"""What does Chatwoot say? Its JSON, in requests and in answers, as plain values. Plain Python.

Of what is missing or of another kind than documented, nothing is guessed: a message that does not say whether it is a private
note is none for the shopper.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oscar_engage.outside.port import Heard, Said, Somebody, UnreadableError

MARK = "engage:"
"""How the ``source_id`` of a message begins that we wrote; our key follows."""

KEY = "engage_key"
"""The attribute of a conversation, and of a message, that holds our key."""

OUTGOING = ("outgoing", 1)
"""What a message to the shopper is called in a request, and in an answer."""

_CHANGES = ("conversation_status_changed", "conversation_updated")


def read_event(told: Any, *, account: int, inbox: int, base: str) -> Sequence[Heard]:
    """Return what a request tells of our inbox; nothing if it is of another, or of something that we do not follow.

    ``base``: the address of the Chatwoot, where files are that the shopper may open. Raises ``UnreadableError``.
    """
    if not isinstance(told, Mapping):
        raise UnreadableError("no object")
    if told.get("event") in _CHANGES:
        is_ours = _number(told.get("inbox_id")) == inbox and _account_of(told) in {account, None}
        return [Heard(conversation=_id(told), key=key_of(told), is_changed=True)] if is_ours else []
    if told.get("event") != "message_created":
        return []
    conversation, where = _mapping(told.get("conversation")), _mapping(told.get("inbox"))
    if _number(where.get("id")) != inbox or _account_of(told) != account:
        return []
    if told.get("private") not in (True, False):  # too old a Chatwoot says nothing: asked, it does
        return [Heard(conversation=_id(conversation), key=key_of(conversation), is_changed=True)]
    said = read_said(told, base=base, emails={})
    return [Heard(conversation=_id(conversation), key=key_of(conversation), said=said)] if said else []


def read_said(message: Mapping[str, Any], *, base: str, emails: Mapping[int, str]) -> Said | None:
    """Return the message if an agent, or a program of theirs, wrote it to the shopper; not if it is one of ours.

    ``emails``: the agents' addresses by id, for answers that tell a sender's id and name only.
    """
    if message.get("message_type") not in OUTGOING or message.get("private") is not False or mark_of(message):
        return None
    attributes = _mapping(message.get("content_attributes"))
    if attributes.get("deleted"):
        return None
    sender = _mapping(message.get("sender"))
    email = _text(sender.get("email")) or emails.get(_number(sender.get("id")) or 0, "")
    is_person = str(sender.get("type", "user")).lower() == "user"
    files = list(_files(message.get("attachments")))
    open_ones = [address for address in files if address.startswith(f"{base}/")]
    return Said(
        id=_id(message),
        text=_text(message.get("content")),
        author=Somebody(email=email if is_person else "", name=_text(sender.get("name"))),
        files=open_ones,
        hidden_files=len(files) - len(open_ones),
    )


def read_somebody(agent: Any) -> Somebody | None:
    """Return an agent as an assignee or in the list of agents."""
    found = _mapping(agent)
    return Somebody(email=_text(found.get("email")), name=_text(found.get("name"))) if found else None


def mark_of(message: Mapping[str, Any]) -> str:
    """Return our own key of a message that we wrote; empty for any other."""
    source = _text(message.get("source_id"))
    if source.startswith(MARK):
        return source.removeprefix(MARK)
    return _text(_mapping(message.get("content_attributes")).get(KEY))


def key_of(conversation: Mapping[str, Any]) -> str:
    """Return our own key of a conversation that we opened; empty for any other."""
    return _text(_mapping(conversation.get("custom_attributes")).get(KEY))


def payload_of(answer: Any) -> Any:
    """Return what an answer holds: Chatwoot puts some into ``payload``, or into ``data`` and ``payload``."""
    found = _mapping(answer)
    if "data" in found:
        found = _mapping(found["data"])
    return found.get("payload", found or answer)


def rows_of(answer: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list, in ``payload`` or bare."""
    rows = answer if isinstance(answer, list) else payload_of(answer)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def id_of(answer: Any) -> str:
    """Return the id of an object, or raise ``UnreadableError``."""
    return _id(_mapping(answer))


def _files(attachments: Any) -> Iterator[str]:
    for one in attachments if isinstance(attachments, list) else ():
        yield _text(_mapping(one).get("data_url"))


def _account_of(told: Mapping[str, Any]) -> int | None:
    return _number(_mapping(told.get("account")).get("id")) or _number(told.get("account_id"))


def _id(found: Mapping[str, Any]) -> str:
    number = _number(found.get("id"))
    if number is None:
        raise UnreadableError("no id")
    return str(number)


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:  # noqa: PLR2004 - of a bigint
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
