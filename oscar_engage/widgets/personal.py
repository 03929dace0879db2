"""What do engagements know about people? Nothing."""

from oscar_engage.personal.registry import impersonal_data
from oscar_engage.widgets.models import Engagement

impersonal_data(
    Engagement,
    *("id", "slug", "widget", "title", "body", "button", "anchor", "is_active", "created_at", "updated_at"),
    why="what merchandisers wrote for all shoppers alike",
)
