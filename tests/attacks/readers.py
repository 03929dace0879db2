"""Who reads what shoppers wrote?"""

import uuid

from django.test import Client
from django.urls import reverse

from oscar_engage.desk.models import Conversation
from tests.storefront.shopping import FRAGMENT, ask, text_of


class Reader:
    """Everybody who reads what shoppers wrote: an agent, and each shopper what is their own."""

    def __init__(self, agent: Client) -> None:
        self.agent = agent
        self.asked: list[tuple[Client, Conversation]] = []
        self.agent.get(reverse("engage_dashboard:engage-desk"))

    def ask(self, kind: str = "note", **typed: str) -> Conversation:
        """Ask in a browser of its own, by the shop's form."""
        client = Client()
        conversation = ask(client, kind, **typed)
        self.asked.append((client, conversation))
        return conversation

    def pages(self, most: int | None = None) -> list[str]:
        """Return the pages of the first ``most`` conversations: each at the desk and twice in the shop; then the queue."""
        shown = [page for client, conversation in self.asked[:most] for page in self._pages_of(client, conversation)]
        return [*shown, text_of(self.agent.get(reverse("engage_dashboard:engage-desk")))]

    def _pages_of(self, client: Client, conversation: Conversation) -> list[str]:
        paths = (f"{conversation.kind}/{conversation.public_id}/", "questions/")
        return [self.desk(conversation), *(text_of(client.get(f"/engage/{path}", headers=FRAGMENT)) for path in paths)]

    def desk(self, conversation: Conversation) -> str:
        """Return the conversation's page at the desk."""
        return text_of(self.agent.get(reverse("engage_dashboard:engage-conversation", args=[conversation.public_id])))

    def reply(self, conversation: Conversation, text: str) -> None:
        """Answer as the agent, who takes a chat first."""
        self.agent.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
        for name, data in (("take", {}), ("reply", {"body": text, "client_id": str(uuid.uuid4())})):
            self.agent.post(reverse(f"engage_dashboard:engage-conversation-{name}", args=[conversation.public_id]), data)
