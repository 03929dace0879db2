"""Oscar's own basket models: the fork changes no table."""

from oscar.apps.basket.models import *  # noqa: F403 - the way Oscar documents a fork
