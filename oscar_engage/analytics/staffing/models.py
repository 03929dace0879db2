"""What did one agent do on one day, in numbers?"""

from django.db import models

from oscar_engage.desk.models import Agent


class AgentDay(models.Model):
    """The figures of one agent on one ``day`` (the shop's clock): ``cells`` as ``analytics.staffing.agent_days`` says.

    It is about a member of staff, so it is no rollup: it goes with the agent, and after ``RETENTION_DAYS``.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    cells = models.JSONField(default=list)
    filled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="engage_agent_day_day")]
        constraints = [models.UniqueConstraint(fields=["agent", "day"], name="engage_agent_day_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} on {self.day}"
