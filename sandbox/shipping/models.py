"""Oscar's own shipping models: the fork changes no table."""

from oscar.apps.shipping.models import *  # noqa: F403 - the way Oscar documents a fork
