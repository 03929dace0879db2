"""What answers a mail at once? The passages that answer notes, as plain text with a link; named by ``AUTOMATIC_ANSWER``."""

from django.utils import timezone, translation

from oscar_engage.answers.shelf import BACKGROUND, find, warm
from oscar_engage.desk.ladder.choose import is_answered_first
from oscar_engage.desk.link import shop_address
from oscar_engage.rules.engine.values import UNKNOWN, Unknown


class FromArticles:
    """The port ``desk.mailbox.ports.AutomaticAnswer``: the best passage, if it is sure enough.

    A mail proves nothing about its sender, so no fact of the shop is told here.
    """

    def answer(self, question: str, *, subject: str, language: str) -> str:
        """Return the passage with its title and address, or nothing; called by a worker, which may wait for the index.

        The ladder is obeyed as for a note of somebody of whom nothing is known.
        """
        if not is_answered_first(lambda _fields: _nothing):
            return ""
        code = language or translation.get_language() or ""
        warm(code, now=timezone.now())
        BACKGROUND.end()
        suggestion = find(f"{subject}\n{question}", language=code, now=timezone.now())
        if suggestion is None:
            return ""
        passage = suggestion.found[0].passage
        title = f"{passage.title}: {passage.heading}" if passage.heading else passage.title
        address = f"{shop_address()}{passage.url}" if passage.url.startswith("/") else passage.url
        return f"{title}\n\n{passage.text}\n\n{address}"


def _nothing(_key: str) -> Unknown:
    return UNKNOWN
