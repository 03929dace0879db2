"""How does a test see at once what was just published? The rules are built by whoever asks, instead of by a thread."""

from collections.abc import Iterator
from contextlib import contextmanager

from oscar_engage.rules.background import end_every
from oscar_engage.rules.live import BACKGROUND, drop_live_rules


@contextmanager
def rules_at_once() -> Iterator[None]:
    """Within this, a beat judges by what the database says now, and not what a thread has read before.

    Threads that read something else (which models speak) are ended with it: none keeps a database from being dropped.

    As an autouse fixture in ``conftest.py``::

        @pytest.fixture(autouse=True)
        def _rules_at_once():
            with rules_at_once():
                yield
    """
    before, BACKGROUND.is_inline = BACKGROUND.is_inline, True
    drop_live_rules()
    try:
        yield
    finally:
        BACKGROUND.is_inline = before
        drop_live_rules()
        end_every()
