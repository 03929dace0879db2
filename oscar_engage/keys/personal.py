"""What do keys keep about shoppers? Nothing: who on the staff made one, and when it was used last."""

from oscar_engage.keys.models import ApiKey
from oscar_engage.personal.registry import impersonal_data

impersonal_data(
    ApiKey,
    *("id", "user", "name", "prefix", "digest", "scopes", "per_minute", "created_at", "used_on", "revoked_at"),
    why="how programs of the shop's own get in, on behalf of members of staff",
)
