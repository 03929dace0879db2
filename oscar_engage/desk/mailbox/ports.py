"""What can be answered without a person? A port, for a help centre or a program of the shop's; nobody answers by default."""

import logging
from typing import Protocol

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings

logger = logging.getLogger(__name__)


class AutomaticAnswer(Protocol):
    """Knows answers. Named by ``OSCAR_ENGAGE["AUTOMATIC_ANSWER"]``; built anew for each question."""

    def answer(self, question: str, *, subject: str, language: str) -> str:
        """Return a plain text that answers ``question``, or an empty one if you are not sure.

        Who asked is not told: a mail proves nothing about its sender, so no answer may hold anything about a customer.
        ``language``: a code such as ``de``, or empty.
        """
        ...


class NoAnswer:
    """The null object: a person answers."""

    def answer(self, question: str, *, subject: str, language: str) -> str:
        """Return nothing."""
        return ""


def is_port(path: str) -> bool:
    """Whether ``path`` names a class with the port's method."""
    try:
        return hasattr(import_string(path), "answer")
    except Exception:  # noqa: BLE001 - the shop's module runs here; a check reports, it does not crash
        return False


def find_answer(question: str, *, subject: str, language: str) -> str:
    """Return the automatic answer, empty if there is none; a port that fails has none, and the log says so."""
    try:
        port: AutomaticAnswer = import_string(get_settings().automatic_answer)()
        return port.answer(question, subject=subject, language=language).strip()
    except Exception:  # the shop's own code: a customer's mail must not be lost by it
        logger.exception("AUTOMATIC_ANSWER failed; a person answers.")
        return ""
