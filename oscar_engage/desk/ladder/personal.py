"""What does the ladder know about people? Nothing."""

from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.personal.registry import impersonal_data

impersonal_data(
    LadderStep,
    *("id", "step", "place", "is_active", "document", "not_for", "cost"),
    why="in which order the shop offers help, and to whom by their behaviour alone",
)
