"""Who works in the shop and who shops there, with their passwords: a sandbox has no secrets."""

from dataclasses import dataclass

#: The apps of Oscar whose models a merchandiser works with.
MERCHANDISER_APPS = ("catalogue", "offer", "voucher", "partner", "reviews")


@dataclass(frozen=True, slots=True)
class Team:
    """A group of the shop's own, what its members may do, and the role of ours that they have besides."""

    name: str
    role: str
    engage: tuple[str, ...]
    oscar_apps: tuple[str, ...] = ()
    oscar_codenames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One login. ``team`` is a team's name; customers have none. ``mails_in``: the language they agreed to be mailed in."""

    email: str
    password: str
    first_name: str
    last_name: str
    team: str | None = None
    is_superuser: bool = False
    mails_in: str = ""


TEAMS = (
    # In a small shop whoever writes the articles reads what was asked, too.
    Team(
        "Merchandisers",
        "Engage merchandisers",
        ("rule", "engagement", "decision"),
        MERCHANDISER_APPS,
        ("view_conversation",),
    ),
    Team("Agents", "Engage agents", ("conversation",), (), ("view_order", "view_user", "view_product")),
    Team(
        "Supervisors",
        "Engage supervisors",
        ("conversation", "agent", "decision"),
        (),
        ("view_order", "view_user", "view_product"),
    ),
)

STAFF = (
    Person("admin@example.com", "admin-fjord", "Ada", "Admin", is_superuser=True),
    Person("merchandiser@example.com", "merch-fjord", "Mara", "Merchant", "Merchandisers"),
    Person("agent-one@example.com", "agent-fjord", "Olle", "One", "Agents"),
    Person("agent-two@example.com", "agent-fjord", "Tova", "Two", "Agents"),
    Person("supervisor@example.com", "super-fjord", "Sven", "Supervisor", "Supervisors"),
)
CUSTOMERS = (
    Person("anna@example.com", "anna-fjord", "Anna", "Archer", mails_in="en"),
    Person("ben@example.com", "ben-fjord", "Ben", "Berger", mails_in="de"),
    Person("carla@example.com", "carla-fjord", "Carla", "Costa"),
)
