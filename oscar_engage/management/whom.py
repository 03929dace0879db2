"""Which person does a command mean? ``--visitor UUID`` or ``--customer ID-or-email``."""

import uuid
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from oscar_engage.personal.person import Person, make_person
from oscar_engage.privacy.find import find_customer


def add_whom(parser: ArgumentParser) -> None:
    """Add the two options, of which exactly one is to be given."""
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--visitor", type=uuid.UUID, metavar="UUID", help="One browser, by its id.")
    whom.add_argument("--customer", metavar="ID-or-email", help="A customer with all browsers seen with the account.")


def get_whom(options: Mapping[str, Any]) -> Person:
    """Return the person that the options name."""
    return make_person([options["visitor"]]) if options["visitor"] else find_customer(options["customer"])
