"""What is in this mail? Bytes from anywhere become one frozen value, or are refused; nothing in here is trusted.

The structure is read by the lenient old policy of ``email``, which is fast on what is broken on purpose; the few headers that
we look into are cut and then parsed by the new one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser

from oscar_engage.desk.mailbox.markup import text_of_html

MOST_LINES = 400_000
"""Lines of a mail: 25 MB of attachments have 340,000."""

MOST_NESTED = 60
"""Parts of a mail that may hold others: a letter that was forwarded ten times has some thirty."""

MOST_PARTS = 200
"""Parts that are looked at; what comes later is not read."""

LONGEST_TEXT = 100_000
"""Characters of text that are kept until quotations are gone."""

_LONGEST_HEADER = 2_000
_LONGEST_OF_ALL = 10_000
_SMALL_IMAGE = 30_000  # bytes as sent: what a signature shows is no attachment to miss
_HOLDS_OTHERS = re.compile(rb"boundary\s*=|\bmessage/(?:rfc822|partial|delivery|global)", re.IGNORECASE)
_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_CHARSET = re.compile(
    r"(?:utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-?125\d|cp-?(?:125\d|1252|437|850|866|932|936|949|950)|koi8-[ru]|gb2312"
    r"|gbk|gb18030|big5|big5-hkscs|euc-(?:jp|kr)|shift_?jis|iso-2022-(?:jp|kr)|utf-?16(?:le|be)?|macintosh|mac-?roman|tis-620)",
    re.IGNORECASE,
)
"""The character sets of mails; of Python's other codecs, some are slow, some no character sets."""

_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "list-id", "x-loop", "x-failed-recipients", "feedback-id")
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo)(?:[-+].*)?", re.IGNORECASE
)


class UnreadableLetterError(ValueError):
    """These bytes are no mail that we read: too large, too deep, or without one sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it claims to be. Addresses are in lower case; ``text`` still holds what it quotes."""

    sender: str
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    message_id: str = ""
    recipients: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attachments: int = 0
    is_automatic: bool = False
    """Whether a program wrote it: an answer from the holidays, a bounce, a list."""

    authentication: tuple[str, ...] = field(default=())
    """The values of ``Authentication-Results``, from the top down."""


def read_letter(raw: bytes, *, largest: int) -> Letter:
    """Return what ``raw`` says or raise :class:`UnreadableLetterError`; more than ``largest`` bytes are not even parsed."""
    if len(raw) > largest:
        raise UnreadableLetterError("size")
    if raw.count(b"\n") > MOST_LINES or sum(1 for _found in _HOLDS_OTHERS.finditer(raw)) > MOST_NESTED:
        raise UnreadableLetterError("parts")
    try:
        message = BytesParser(policy=_Short()).parsebytes(raw)
        return _letter(_Headers(message), message)
    except UnreadableLetterError:
        raise
    except Exception as error:  # the parsers of the standard library raise a dozen kinds of errors on broken mails
        raise UnreadableLetterError("broken") from error


def normalise_address(address: str) -> str:
    """Return ``address`` for comparing: in lower case, the domain in ASCII (IDNA); what cannot be one comes back lowered."""
    local, _at, domain = address.strip().lower().rpartition("@")
    if not domain.isascii() and len(domain) <= 255:  # noqa: PLR2004 - a domain's length
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return address.strip().lower()
    return f"{local}@{domain}"


class _Short(policy.Compat32):
    """The old policy with headers cut as they are read: parameters take it time by the square of their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value of a header."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_OF_ALL]


class _Headers:
    """A mail's headers, each cut before it is parsed."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._values.setdefault(name.lower(), []).append(str(value))

    def all(self, name: str) -> list[str]:
        """Return the values as they came, from the top down."""
        return self._values.get(name, [])

    def first(self, name: str, *, longest: int = _LONGEST_HEADER) -> str:
        """Return the first value as it came, cut; empty if there is none."""
        return next(iter(self.all(name)), "")[:longest]

    def words(self, name: str) -> str:
        """Return the first value with its encoded words decoded, on one line."""
        return " ".join(str(self._parsed(name)).split())

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Return name and address of each in the header's first value; none where it cannot be parsed."""
        found = getattr(self._parsed(name), "addresses", ())
        return [(" ".join(one.display_name.split()), normalise_address(one.addr_spec)) for one in found if one.domain]

    def _parsed(self, name: str) -> object:
        try:
            return policy.default.header_fetch_parse(name, self.first(name))
        except Exception:  # noqa: BLE001 - as above; what cannot be parsed is empty
            return ""


def _letter(headers: _Headers, message: Message) -> Letter:
    senders = headers.addresses("from")
    if len(senders) != 1 or len(headers.all("from")) != 1:
        raise UnreadableLetterError("sender")  # with two of them, one server checks this one and we would read that one
    [(name, sender)] = senders
    parts = list(_leaves(message))
    text, body = _text(parts)
    received = [address for header in ("to", "cc") for _name, address in headers.addresses(header)]
    delivered = [headers.first(header).strip(" <>\r\n").lower() for header in ("delivered-to", "x-original-to", "envelope-to")]
    referred = headers.first("references", longest=_LONGEST_OF_ALL) + headers.first("in-reply-to")
    return Letter(
        sender=sender,
        sender_name=name,
        subject=headers.words("subject"),
        text=text[:LONGEST_TEXT],
        message_id=next(iter(_ID.findall(headers.first("message-id"))), ""),
        recipients=tuple(dict.fromkeys([*received, *filter(None, delivered)])),
        references=tuple(dict.fromkeys(_ID.findall(referred))),
        attachments=sum(_is_attachment(part, body) for part in parts),
        is_automatic=_is_automatic(headers, message, sender),
        authentication=tuple(headers.all("authentication-results")[:20]),
    )


def _is_automatic(headers: _Headers, message: Message, sender: str) -> bool:
    submitted = headers.first("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or headers.first("precedence").strip().lower() in _BULK
        or any(headers.all(name) for name in _AUTOMATIC_HEADERS)
        or headers.first("return-path").strip() == "<>"
        or message.get_content_type() in {"multipart/report", "message/delivery-status"}
        or bool(_MACHINES.fullmatch(sender.rpartition("@")[0]))
    )


def _leaves(message: Message) -> Iterator[Message]:
    """Give the parts that hold no others, in their order, at most :data:`MOST_PARTS`; a mail within the mail is one of them."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        held = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            waiting.extend(one for one in reversed(held[:MOST_PARTS]) if isinstance(one, Message))
        else:
            yield part


def _text(parts: list[Message]) -> tuple[str, frozenset[int]]:
    """Return the text and the ids of the parts that it is made of, or that say the same in HTML: plain text before HTML."""
    inline = [part for part in parts if not _is_named(part)]
    plain = [part for part in inline if part.get_content_type() == "text/plain"]
    html = [part for part in inline if part.get_content_type() == "text/html"]
    body = frozenset(id(part) for part in [*plain, *html])
    text = "\n\n".join(filter(str.strip, (_decoded(part) for part in plain)))
    return text or "\n\n".join(filter(None, (text_of_html(_decoded(part)) for part in html[:5]))), body


def _is_named(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _is_attachment(part: Message, body: frozenset[int]) -> bool:
    if id(part) in body:
        return False
    payload = part.get_payload()
    is_decoration = part.get("content-id") is not None and isinstance(payload, str) and len(payload) < _SMALL_IMAGE
    is_empty = isinstance(payload, str) and not payload.strip()
    return not is_decoration and not is_empty


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    octets = payload[: LONGEST_TEXT * 5] if isinstance(payload, bytes) else b""
    named = str(part.get_content_charset() or "utf-8")
    charset = named if _CHARSET.fullmatch(named) else "utf-8"
    decode: Callable[[str], str] = lambda name: octets.decode(name, errors="replace")  # noqa: E731 - two calls, one rule
    try:
        return decode(charset)
    except LookupError:
        return decode("utf-8")
