"""Who answers what in the demo shop? Skills, queues, its two agents, and a mailbox, so that the desk can be tried at once."""

from django.contrib.auth import get_user_model

from oscar_engage.dashboard.desk.agent import get_agent
from oscar_engage.desk.calls.models import CallTerms
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import AgentSkill, Level, Queue, Skill
from oscar_engage.desk.promises.models import OpeningHours

ADVICE, RETURNS = "advice", "returns"
SKILLS = ((ADVICE, "Advice on gear"), (RETURNS, "Returns"))
QUEUES = (
    ("orders", "Orders and returns", None, "/basket/\n/checkout/\n/accounts/\n/information/"),
    ("advice", "Advice", ADVICE, "/catalogue/\n/search/"),
)
"""Short name, name, skill (or none), beginnings of addresses: by the checkout anybody may help."""

CALLING = {"name": "When we call", "time_zone": "Europe/London", "weekly": {"mon-sun": "9:00-18:00"}}
"""The hours in which both queues call shoppers, two calls in each quarter of an hour."""

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
    hours = OpeningHours.objects.get_or_create(name=CALLING["name"], defaults=CALLING)[0]
    for queue in Queue.objects.filter(slug__in=[slug for slug, *_about in QUEUES]):
        CallTerms.objects.get_or_create(queue=queue, defaults={"opening_hours": hours, "per_slot": 2})
    for email, levels in LEVELS.items():
        agent = get_agent(get_user_model().objects.get(email=email))
        for slug, level in levels.items():
            AgentSkill.objects.get_or_create(agent=agent, skill=skills[slug], defaults={"level": level})
    Mailbox.objects.get_or_create(
        slug=MAILBOX, defaults={"address": MAIL_ADDRESS, "queue": Queue.objects.filter(slug="orders").first()}
    )
