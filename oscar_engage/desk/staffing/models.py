"""For how long was an agent there in one hour, and with how many chats?"""

from django.db import models

from oscar_engage.desk.models import Agent


class AgentHour(models.Model):
    """Seconds of one agent in the hour that begins at ``hour`` (UTC); ``desk.staffing.look`` adds to them.

    ``online`` and ``away`` are seconds of presence, ``busy`` those online with at least one chat that is not silent. ``used``
    and ``room`` are seconds times tenths of a slot while online: what chats took, and what there was to take.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    online = models.PositiveIntegerField(default=0)
    away = models.PositiveIntegerField(default=0)
    busy = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    room = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["hour"], name="engage_agent_hour_hour")]
        constraints = [models.UniqueConstraint(fields=["agent", "hour"], name="engage_agent_hour_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.hour:%Y-%m-%d %H}"
