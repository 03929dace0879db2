"""How is a note left? From the checked form to the conversation with its reference and its promised time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_note
from oscar_engage.storefront.asker import Asker


def leave_note(asker: Asker, cleaned: Mapping[str, Any], *, now: datetime) -> Conversation:
    """Open the note that a valid ``NoteForm`` describes; errors as ``desk.open.open_note``."""
    return open_note(
        visitor_id=asker.visitor_id,
        visit_id=asker.visit_id,
        language=asker.language,
        body=cleaned["question"],
        name=cleaned["name"],
        email=cleaned["email"],
        page_path=cleaned["page_path"],
        page_title=cleaned["page_title"],
        anchor=cleaned["anchor"],
        anchor_path=cleaned["anchor_path"],
        anchor_label=cleaned["anchor_label"],
        decision_id=cleaned["decision"],
        client_id=cleaned["client_id"],
        now=now,
    )
