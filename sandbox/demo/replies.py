"""What do the shop's agents say every day? Ready-made replies, in English and German."""

from oscar_engage.desk.carry.models import CannedReply

REPLIES: tuple[tuple[str, str, str, str], ...] = (
    (
        "hello",
        "Greeting",
        "Hello {{ customer.first_name }}, this is {{ agent.name }} of {{ shop.name }}. Let me have a look.",
        "Hallo {{ customer.first_name }}, hier ist {{ agent.name }} von {{ shop.name }}. Ich schaue gleich nach.",
    ),
    (
        "where-is-it",
        "Where is my order?",
        "Your order {{ order.number }} is now: {{ order.status }}. We write to you as soon as it moves.",
        "Ihre Bestellung {{ order.number }} steht auf: {{ order.status }}. Wir schreiben, sobald sich etwas bewegt.",
    ),
    (
        "returns",
        "How to send something back",
        "You can send it back within 60 days. Put the slip from the parcel in with it and give us the reference"
        " {{ conversation.reference }}.",
        "Sie können es innerhalb von 60 Tagen zurückschicken. Legen Sie den Zettel aus dem Paket bei und"
        " nennen Sie uns das Kennzeichen {{ conversation.reference }}.",
    ),
    (
        "shipping-free",
        "Free shipping",
        "Parcels are free from £75.00; your basket is at {{ basket.total }} now.",
        "Ab 75,00 £ ist der Versand frei; in Ihrem Warenkorb sind gerade {{ basket.total }}.",
    ),
)
"""Shortcut, title, English, German."""


def load_replies() -> None:
    """Create what is missing; whatever a supervisor changed stays as it is."""
    for shortcut, title, english, german in REPLIES:
        CannedReply.objects.get_or_create(shortcut=shortcut, defaults={"title": title, "texts": {"en": english, "de": german}})
