"""Which level do accepted groups come to? The highest of which all below were accepted as well."""

from collections.abc import Callable

from oscar_engage.conf import get_settings
from oscar_engage.visitors.consent import ConsentLevel


def read_groups() -> tuple[tuple[str, ConsentLevel], ...]:
    """Return ``CONSENT_GROUPS`` as levels; a word that is no level raises ``KeyError``."""
    return tuple((group, ConsentLevel[level.upper()]) for group, level in get_settings().consent_groups)


def climb(is_accepted: Callable[[str], bool]) -> ConsentLevel:
    """Return the level of a visitor who accepted the groups for which ``is_accepted`` says so.

    Each level includes those below: who refuses statistics but accepts marketing has agreed to what lies below statistics. A
    level that no group stands for is passed on the way.
    """
    reached = ConsentLevel.NONE
    groups = read_groups()
    for level in sorted({level for _group, level in groups}):
        if not all(is_accepted(group) for group, its_level in groups if its_level == level):
            break
        reached = level
    return reached
