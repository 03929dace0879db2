"""Oscar's own partner models: the fork changes no table."""

from oscar.apps.partner.models import *  # noqa: F403 - the way Oscar documents a fork
