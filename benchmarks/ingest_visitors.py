"""Makes the visitors that send beats to the shop and prints the cookie of each, as JSON.

As many as their rate asks for: one visitor sends a beat every five seconds, and who sends more than two a second is refused.
"""

import json

import django


def main() -> list[str]:
    """Make them and return their cookies, as ``name=value``."""
    django.setup()
    import uuid

    from django.core.signing import Signer
    from django.utils import timezone

    from oscar_engage.storefront.pace import USUAL
    from oscar_engage.visitors import token
    from oscar_engage.visitors.consent import ConsentLevel
    from oscar_engage.visitors.models import Visitor

    now = timezone.now()
    keys = [uuid.uuid4().hex for _number in range(RATE * USUAL)]
    seen = {"consent": ConsentLevel.PERSONALISATION, "created_at": now, "last_seen_at": now}
    Visitor.objects.bulk_create(Visitor(key=key, **seen) for key in keys)
    signer = Signer(salt=token._SALT)
    return [f"{token.COOKIE_NAME}={signer.sign(key)}" for key in keys]


RATE = 100
"""Beats a second."""

if __name__ == "__main__":
    print(json.dumps(main()))
