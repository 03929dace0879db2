"""What do we hand to a person who asks (Art. 15 and 20 GDPR)? One JSON document with all we keep, and nobody else's data."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import PERSONAL

SCHEMA = 1
"""Version of the document's shape."""


def export_person(person: Person, *, actor: AbstractBaseUser | AnonymousUser | None, now: datetime) -> str:
    """Return the document as text and note in the trail that it was made.

    The trail names the export by a number that stands in the document too; it does not say whose data it was.
    """
    export_id = uuid.uuid4()
    with transaction.atomic(using=get_settings().database):
        record_action(actor=actor, action="person.exported", object_kind="export", object_id=export_id.hex, now=now)
        document = {
            "schema": SCHEMA,
            "export": export_id.hex,
            "exported_at": now,
            "about": {
                "visitors": person.visitor_ids,
                "customers": person.customer_ids,
                "emails": person.emails,
            },
            "data": _read(person),
        }
    return json.dumps(document, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def _read(person: Person) -> Mapping[str, list[Mapping[str, Any]]]:
    rows = {data.name: [data.export(row) for row in data.find(person).order_by("pk")] for data in PERSONAL}
    return {name: found for name, found in rows.items() if found}
