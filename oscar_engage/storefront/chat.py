"""How is a chat begun? From the checked form to a conversation that waits for an agent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_chat
from oscar_engage.storefront.asker import Asker


def begin_chat(asker: Asker, cleaned: Mapping[str, Any], *, now: datetime) -> Conversation:
    """Open the chat that a valid ``ChatForm`` describes; errors as ``desk.open.open_chat``."""
    return open_chat(
        visitor_id=asker.visitor_id,
        visit_id=asker.visit_id,
        language=asker.language,
        body=cleaned["message"],
        name=cleaned["name"],
        page_path=cleaned["page_path"],
        page_title=cleaned["page_title"],
        anchor=cleaned["anchor"],
        anchor_path=cleaned["anchor_path"],
        anchor_label=cleaned["anchor_label"],
        decision_id=cleaned["decision"],
        client_id=cleaned["client_id"],
        now=now,
    )
