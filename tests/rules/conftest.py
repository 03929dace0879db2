"""Every test starts without rules kept from another."""

from collections.abc import Iterator

import hypothesis
import pytest

from oscar_engage.rules.live import forget_live_rules

# a busy machine is no counterexample: speed is measured elsewhere
hypothesis.settings.register_profile("rules", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("rules")


@pytest.fixture(autouse=True)
def _fresh_rules() -> Iterator[None]:
    forget_live_rules()
    yield
    forget_live_rules()
