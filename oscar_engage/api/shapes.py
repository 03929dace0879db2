"""How does something look as JSON? Serializers, which the description of the API is made from as well."""

from typing import Any

from rest_framework import serializers

from oscar_engage.analytics.funnel.read import BY
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.rules.models import Rule


class ConversationShape(serializers.ModelSerializer):
    """A note, a chat or a call, as at the desk."""

    queue = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    topic = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    agent = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = (
            *("public_id", "reference", "kind", "status", "name", "email", "language", "page_path", "page_title"),
            *("queue", "topic", "outcome", "agent", "created_at", "due_at", "first_reply_at", "closed_at", "last_seq"),
        )

    def get_agent(self, conversation: Conversation) -> str | None:
        """Return the name towards shoppers of who has it."""
        return conversation.agent.display_name if conversation.agent else None


class MessageShape(serializers.ModelSerializer):
    """One message; ``seq`` orders them."""

    class Meta:
        model = Message
        fields = ("seq", "role", "body", "files", "at")


class NewMessage(serializers.Serializer):
    """What an agent says. ``client_id``: made by the program; sent again, it posts nothing."""

    body = serializers.CharField(max_length=LONGEST_MESSAGE)
    client_id = serializers.UUIDField()
    seen = serializers.IntegerField(
        required=False, min_value=0, help_text="Number of the last message seen: 409 if a colleague answered since."
    )


class Closing(serializers.Serializer):
    """How a conversation ends."""

    topic = serializers.SlugField(required=False, help_text="Short name of what it was about.")
    outcome = serializers.ChoiceField(choices=("solved", "unsolved"), required=False)
    note = serializers.CharField(required=False, max_length=1000)


class Assigning(serializers.Serializer):
    """Who gets it: nobody named means whoever's key it is."""

    agent = serializers.IntegerField(required=False, help_text="Id of a colleague; with it a reason, for them to read.")
    reason = serializers.CharField(required=False, max_length=500)


class RuleShape(serializers.ModelSerializer):
    """A rule with what it says now; ``document`` is null before it was published."""

    version = serializers.IntegerField(source="published.number", default=None, allow_null=True, read_only=True)
    document = serializers.JSONField(source="published.document", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Rule
        fields = ("id", "name", "status", "purpose", "priority", "starts_at", "ends_at", "version", "document")


class OfferFigures(serializers.Serializer):
    """How far the offers of one part came."""

    part = serializers.CharField(help_text="Which engagement, rule, channel …, as asked for; empty: all together.")
    eligible = serializers.IntegerField()
    offered = serializers.IntegerField()
    seen = serializers.IntegerField()
    accepted = serializers.IntegerField()
    ordered = serializers.IntegerField()


class OffersQuery(serializers.Serializer):
    """Which days, told apart by what."""

    since = serializers.DateField(help_text="The first day.")
    until = serializers.DateField(help_text="The day after the last.")
    by = serializers.ChoiceField(choices=BY, default="engagement")


class OffersShape(serializers.Serializer):
    """The figures of the days, and when they were counted."""

    counted_at = serializers.DateTimeField(allow_null=True)
    whole = OfferFigures()
    parts = OfferFigures(many=True)


class NewSignal(serializers.Serializer):
    """Something that happened to somebody elsewhere: one of your own kinds, about one person."""

    kind = serializers.CharField(max_length=64)
    data = serializers.DictField(default=dict)
    customer = serializers.IntegerField(required=False)
    order = serializers.IntegerField(required=False)
    visitor = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one person."""
        if sum(name in attrs for name in ("customer", "order", "visitor")) != 1:
            raise serializers.ValidationError("Name one of customer, order and visitor.")
        return attrs
