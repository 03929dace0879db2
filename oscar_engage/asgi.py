"""The push process: ``gunicorn oscar_engage.asgi:push -k asgi`` or ``uvicorn oscar_engage.asgi:push``; docs/operations.md.

It stands beside the shop's own application, outside all middleware, and needs ``DJANGO_SETTINGS_MODULE`` as the shop does.
"""

import django

django.setup(set_prefix=False)

from oscar_engage.push.app import PushApplication  # noqa: E402 - models can be imported only now

push = PushApplication()
