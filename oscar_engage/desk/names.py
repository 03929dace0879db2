"""What are the skills and the queues called? For rules that ask for one by name."""

from collections.abc import Collection, Mapping

from oscar_engage.desk.models import Queue, Skill
from oscar_engage.rules.named import NAMES
from oscar_engage.rules.queues import QUEUES

MOST_FOUND = 20
"""Skills that a search shows."""


class SkillNames:
    """The port ``rules.named.Names`` for skills; a query each: a shop has few, and only the editor of rules asks."""

    def named(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of those of ``ids`` that are there."""
        return dict(Skill.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}

    def find(self, text: str) -> Mapping[int, str]:
        """Return up to :data:`MOST_FOUND` skills with ``text`` in their name; without a text, the first."""
        return dict(
            Skill.objects.filter(name__icontains=text.strip()).order_by("name", "pk").values_list("pk", "name")[:MOST_FOUND]
        )


def read_queue_names() -> Mapping[str, str]:
    """Return the queues by name: short name to name, with one query."""
    return dict(Queue.objects.order_by("name", "pk").values_list("slug", "name"))


NAMES.register("skill", SkillNames())
QUEUES.register("desk", read_queue_names)
