"""Who answers what in the demo shop? Skills, queues, its two agents, and a mailbox, so that the desk can be tried at once."""

from django.contrib.auth import get_user_model

from oscar_engage.dashboard.desk.agent import get_agent
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import AgentSkill, Level, Queue, Skill

ADVICE, RETURNS = "advice", "returns"
SKILLS = ((ADVICE, "Advice on gear"), (RETURNS, "Returns"))
QUEUES = (
    ("orders", "Orders and returns", None, "/basket/\n/checkout/\n/accounts/\n/information/"),
    ("advice", "Advice", ADVICE, "/catalogue/\n/search/"),
)
"""Short name, name, skill (or none), beginnings of addresses: by the checkout anybody may help."""

LEVELS = {
    "agent-one@example.com": {ADVICE: Level.BEST, RETURNS: Level.CAN},
    "agent-two@example.com": {ADVICE: Level.WELL, RETURNS: Level.BEST},
}
"""How well whom of our agents answers what."""

MAILBOX, MAIL_ADDRESS = "support", "support@fjordandfell.example"
"""Whose mails ``manage.py engage_mail --mailbox support`` takes from its standard input."""


def load_desk() -> None:
    """Create what is missing; whatever a supervisor changed stays as it is. The people have to be there."""
    skills = {slug: Skill.objects.get_or_create(slug=slug, defaults={"name": name})[0] for slug, name in SKILLS}
    for slug, name, skill, paths in QUEUES:
        Queue.objects.get_or_create(
            slug=slug, defaults={"name": name, "paths": paths, "skill": skills[skill] if skill else None}
        )
    for email, levels in LEVELS.items():
        agent = get_agent(get_user_model().objects.get(email=email))
        for slug, level in levels.items():
            AgentSkill.objects.get_or_create(agent=agent, skill=skills[slug], defaults={"level": level})
    Mailbox.objects.get_or_create(
        slug=MAILBOX, defaults={"address": MAIL_ADDRESS, "queue": Queue.objects.filter(slug="orders").first()}
    )
