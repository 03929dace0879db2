"""How is a question asked? From the checked form of a note or a chat to the conversation that waits for an agent."""

from datetime import datetime

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.storefront.asker import Asker
from oscar_engage.storefront.forms import AskForm


def ask(asker: Asker, form: AskForm, *, now: datetime) -> Conversation:
    """Open what a valid ``form`` describes; errors as ``desk.open.open_conversation``."""
    cleaned = form.cleaned_data
    return open_conversation(
        form.kind,
        visitor_id=asker.visitor_id,
        visit_id=asker.visit_id,
        language=asker.language,
        body=cleaned[form.question_field],
        name=cleaned["name"],
        email=cleaned.get("email", ""),
        place=Place(
            page_path=cleaned["page_path"],
            page_title=cleaned["page_title"],
            anchor=cleaned["anchor"],
            anchor_path=cleaned["anchor_path"],
            anchor_label=cleaned["anchor_label"],
        ),
        decision_id=cleaned["decision"],
        client_id=cleaned["client_id"],
        now=now,
    )
