"""What was simulated, and what was true in it?"""

from django.db import models


class SimulationRun(models.Model):
    """One run of the simulator: ``document`` holds its size, seed, parameters and the truth (``simulation.report``).

    ``ended_at`` is null while it runs, and for one that was broken off.
    """

    started_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    document = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"simulation of {self.started_at:%Y-%m-%d %H:%M}"
