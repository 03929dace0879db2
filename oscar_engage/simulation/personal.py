"""What does the simulator know about people? Nothing: its shoppers are made up."""

from oscar_engage.personal.registry import impersonal_data
from oscar_engage.simulation.models import SimulationRun

impersonal_data(
    SimulationRun,
    *("id", "started_at", "ended_at", "document"),
    why="parameters and counts of shoppers who never lived",
)
