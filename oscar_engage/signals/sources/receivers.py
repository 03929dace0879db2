"""How do we listen without ever being in the way? A receiver that only appends to the buffer, and never raises."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.dispatch import Signal

from oscar_engage.signals.buffer import Buffer, get_buffer
from oscar_engage.signals.faults import note_fault

Receiver = Callable[..., None]
Listener = Callable[..., None]


def listening(listener: Listener) -> Receiver:
    """Turn ``listener(buffer, **kwargs)`` into a receiver: skipped outside a sensed request, silent when it fails.

    Most of Oscar's signals are sent with ``send``: whatever leaves a receiver would reach the shopper as an error page, and
    in ``order_placed`` as a second order.
    """

    @wraps(listener)
    def receive(sender: object = None, **kwargs: Any) -> None:
        try:
            buffer = get_buffer()
            if buffer is not None and buffer.is_sensed:
                listener(buffer, **kwargs)
        except Exception:  # noqa: BLE001 - called inside the shop's own request, which must not notice
            note_fault(listener.__name__)

    return receive


def listening_anywhere(listener: Listener) -> Receiver:
    """Turn ``listener(**kwargs)``, which records a fact about a subject, into a receiver that is silent when it fails.

    It is called outside requests, too: an order is sent by a warehouse's program.
    """

    @wraps(listener)
    def receive(sender: object = None, **kwargs: Any) -> None:
        try:
            listener(**kwargs)
        except Exception:  # noqa: BLE001 - called inside the shop's own code, which must not notice
            note_fault(listener.__name__)

    return receive


def connect_listener(signal: Signal, listener: Listener, *, sender: type | None = None, anywhere: bool = False) -> None:
    """Connect ``listener`` to ``signal``, once however often it is called."""
    uid = f"engage-{listener.__module__}.{listener.__name__}"
    receiver = listening_anywhere(listener) if anywhere else listening(listener)
    signal.connect(receiver, sender=sender, weak=False, dispatch_uid=uid)


def is_posted(buffer: Buffer) -> bool:
    """Whether the request in ``buffer`` is a shopper's own act: on a GET, Oscar merges baskets behind their back."""
    return buffer.request.method not in ("GET", "HEAD", "OPTIONS")


def get_view_name(buffer: Buffer) -> str:
    """Return the name of the view that serves the request, such as ``basket:add``, or ``""``."""
    match = buffer.request.resolver_match
    return match.view_name if match else ""
