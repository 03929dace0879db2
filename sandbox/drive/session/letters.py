"""Mail in a session: what the shop sent, and replies to it, true and forged."""

import re
import time
from email import message_from_string
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

SOON_SECONDS = 60
"""The worker takes a mail out of its queue within a minute."""


def await_reply_address(folder: Path, recipient: str) -> str:
    """Return where a reply to the latest mail to ``recipient`` goes; raises ``LookupError`` when none comes."""
    end = time.monotonic() + SOON_SECONDS
    while time.monotonic() < end:
        for file in sorted(folder.glob("*.log"), reverse=True):
            mail = message_from_string(file.read_text())
            if mail["To"] == recipient and mail["Reply-To"]:
                return str(mail["Reply-To"])
        time.sleep(0.5)
    raise LookupError(f"no mail to {recipient} within {SOON_SECONDS} s")


def write(sender: str, to: str, text: str) -> str:
    """Return a mail as a mail server hands it over."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        sender,
        to,
        "Re: your answer",
        make_msgid(domain="mail.example"),
    )
    mail.set_content(f"{text}\n\n> Read the answer here:\n")
    return mail.as_string()


def forge(address: str) -> str:
    """Return the address with another token, as somebody makes it up who never saw ours."""
    return re.sub(r"\+(.)", lambda found: "+" + ("b" if found[1] != "b" else "c"), address, count=1)
