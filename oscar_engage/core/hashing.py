"""Where does this key fall? Repeatable positions in [0, 1) that nobody outside can steer."""

import hashlib
import hmac

_RESOLUTION_BITS = 53  # a float holds 53 bits exactly, so the quotient below is never rounded up to 1.0


def bucket(*, salt: str, key: str) -> float:
    """Return the position of ``key`` in [0, 1), uniform over keys and independent between salts.

    HMAC-SHA256 with ``salt`` as its key: two experiments with different salts split the same visitors independently, and
    the same visitor always falls on the same side of one experiment.
    """
    digest = hmac.new(salt.encode(), key.encode(), hashlib.sha256).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _RESOLUTION_BITS)) / (1 << _RESOLUTION_BITS)
