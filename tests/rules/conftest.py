"""Every test starts without rules kept from another."""

from collections.abc import Iterator

import pytest

from oscar_engage.rules.live import forget_live_rules


@pytest.fixture(autouse=True)
def _fresh_rules() -> Iterator[None]:
    forget_live_rules()
    yield
    forget_live_rules()
