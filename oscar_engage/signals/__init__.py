"""What happened: kinds with their payloads, the buffer in the request, the log. In: facts. Out: checked signals."""

from oscar_engage.signals.recorder import record
from oscar_engage.signals.subject import Subject

__all__ = ["Subject", "record"]
