"""What does a conversation keep of a mail? What its sender wrote now, masked and cut, with a word on what was left out."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.desk.mailbox.letter import Letter
from oscar_engage.desk.mailbox.quote import strip_quotes
from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.desk.text import LONGEST_MESSAGE, InvalidMessageError, clean_message

ROOM_FOR_WORDS = 300
"""Characters of a message that are kept free for our own words."""


def compose(letter: Letter, *, language: str, subject: str = "") -> str:
    """Return the message that ``letter`` becomes, or raise ``InvalidMessageError`` if nothing is in it.

    ``subject``, for a mail that begins a conversation, stands above it and counts as text.
    """
    with translation.override(language or translation.get_language()):
        text = strip_quotes(letter.text)
        words = list(_words(letter, text))
        masked = mask_secrets(text)[: LONGEST_MESSAGE - ROOM_FOR_WORDS]  # masked first: a cut must not hide a card's beginning
        heading = _("Subject: %(subject)s") % {"subject": subject} if subject else ""
        body = "\n\n".join(part for part in (heading, masked.strip(), *words) if part)
    if not _has_text(masked) and not subject and not letter.attachments:
        raise InvalidMessageError("A mail needs some text.")
    return clean_message(body)


def _words(letter: Letter, text: str) -> list[str]:
    words = []
    if len(text) > LONGEST_MESSAGE - ROOM_FOR_WORDS:
        words.append(_("(The mail is longer; the rest was not taken over.)"))
    if letter.attachments:
        told = ngettext(
            "(%(number)s attachment was not taken over.)", "(%(number)s attachments were not taken over.)", letter.attachments
        )
        words.append(told % {"number": letter.attachments})
    return words


def _has_text(text: str) -> bool:
    try:
        return bool(clean_message(text))
    except InvalidMessageError:
        return False
