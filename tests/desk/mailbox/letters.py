"""Mails as they come in, as bytes."""

from email.message import EmailMessage

from oscar_engage.desk.mailbox.token import make_token
from oscar_engage.desk.models import Conversation


def mail(
    body: str = "Thank you!",
    *,
    sender: str = "Ada <ada@example.com>",
    to: str = "support@shop.example",
    subject: str = "A question",
    message_id: str = "<1@mail.example>",
    html: str = "",
    attachments: int = 0,
    **headers: str,
) -> bytes:
    """Return a mail; ``headers`` are further ones, with ``_`` for ``-``."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for number in range(attachments):
        message.add_attachment(b"\x89PNG" * 10, maintype="image", subtype="png", filename=f"{number}.png")
    return message.as_bytes()


def reply(conversation: Conversation, body: str = "Thank you!", **more: str) -> bytes:
    """Return a reply to a mail of ours about ``conversation``, by its signed address."""
    return mail(body, **{"to": f"answers+{make_token(conversation)}@shop.example", **more})
