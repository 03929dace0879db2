"""Which widgets are there? Every kind under its name; those we ship register themselves when the app starts."""

from oscar_engage.core.registry import Registry
from oscar_engage.widgets.base import Widget

WIDGETS: Registry[Widget] = Registry("widget")
