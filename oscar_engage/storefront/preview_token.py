"""Who may look at which draft on the shop's own pages? A signed, short-lived address for one member of staff."""

from dataclasses import asdict, dataclass

from django.core import signing

PARAMETER = "engage-preview"
MAX_AGE = 15 * 60
"""Seconds for which such an address shows the draft."""

_SALT = "oscar_engage.preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be shown: a version (0: what is live) of an engagement, in a wording and a language, to one user."""

    engagement: int
    version: int
    variant: str
    language: str
    user: str


def write_token(asked: Asked) -> str:
    """Return what the query of a page carries for its draft to be shown."""
    return signing.dumps(asdict(asked), salt=_SALT, compress=True)


def read_token(token: str) -> Asked | None:
    """Return what is asked for, or ``None`` when we did not sign it or it is older than :data:`MAX_AGE`."""
    try:
        return Asked(**signing.loads(token, salt=_SALT, max_age=MAX_AGE))
    except (signing.BadSignature, TypeError, ValueError):
        return None
