"""What does the switch know about people? Nothing."""

from oscar_engage.personal.registry import impersonal_data
from oscar_engage.switch.models import Switch

impersonal_data(Switch, "id", "is_on", "changed_at", why="on or off, and since when; who turned it is in the trail")
