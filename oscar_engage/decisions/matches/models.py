"""What did variables read in a visit? Its recorded moments, worked out once, for the quick count beside the editor."""

from django.db import models

from oscar_engage.visitors.models import Visit


class VisitMoments(models.Model):
    """The moments of one visit that has ended, as ``matches.moments`` writes them; empty where its log is not whole."""

    visit = models.OneToOneField(Visit, primary_key=True, on_delete=models.CASCADE, related_name="moments")
    ended_at = models.DateTimeField(db_index=True)
    moments = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"moments of visit {self.visit_id.hex[:8]}"
