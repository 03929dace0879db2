"""What do supervisors see of how conversations went? The tables as rows for ``figures``."""

from dataclasses import dataclass
from datetime import datetime

from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.ratings.figures import Figures, Row, by_agent, figures_of
from oscar_engage.desk.ratings.models import Rating

MOST_COMMENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Figures of all conversations that began in a time, those of each agent by name, and what was said last."""

    all: Figures
    of_agents: list[tuple[str, Figures]]
    comments: list[Rating]


def rows_between(since: datetime, until: datetime) -> list[Row]:
    """Return what began in ``[since, until)``, each as the agent's who has it; one query."""
    began = Conversation.objects.filter(created_at__gte=since, created_at__lt=until).order_by("pk")
    values = began.values_list("agent_id", "kind", "created_at", "first_reply_at", "closed_at", "rating__score")
    return [
        Row(
            agent=agent,
            is_chat=kind == ConversationKind.CHAT,
            created_at=created_at,
            first_reply_at=first_reply_at,
            closed_at=closed_at,
            score=score,
        )
        for agent, kind, created_at, first_reply_at, closed_at, score in values.iterator()
    ]


def read_overview(since: datetime, until: datetime) -> Overview:
    """Return how conversations went that began in ``[since, until)``; three queries."""
    rows = rows_between(since, until)
    of = by_agent(rows)
    names = dict(Agent.objects.values_list("pk", "display_name"))
    named = [(names[pk], figures) for pk, figures in of.items() if pk is not None and pk in names]
    said = Rating.objects.filter(at__gte=since, at__lt=until).exclude(comment="")
    comments = list(said.select_related("conversation", "agent").order_by("-at", "-pk")[:MOST_COMMENTS])
    return Overview(all=figures_of(rows), of_agents=sorted(named, key=lambda one: one[0].lower()), comments=comments)
