"""What happened: kinds with their payloads, the buffer in the request, the log. In: facts. Out: checked signals."""

from oscar_engage.signals.buffer import record

__all__ = ["record"]
