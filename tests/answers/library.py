"""A small help centre in two languages, for tests of the ranking."""

from oscar_engage.answers.index import Index, build_index
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.synonyms import USUAL

_ENGLISH = {
    "returns": (
        "Send something back",
        "",
        "You can return what does not fit within thirty days. A label is in the parcel.",
        "return",
    ),
    "refund": ("When is my money back?", "", "We refund within five days, the way you have paid.", "reimbursement"),
    "delivery": ("Delivery times and costs", "Express", "Express parcels arrive on the next working day.", "postage"),
    "abroad": ("Delivery abroad", "", "We send parcels to Ireland, France and Malta.", "international"),
    "password": ("I have forgotten my password", "", "Ask for a link to set a new password.", "login"),
    "size": ("Which boot size fits me?", "", "Measure your foot in the evening and look at the table.", ""),
    "wash": ("Wash waterproof clothing", "", "Wash jackets at thirty degrees with liquid soap.", ""),
    "voucher": ("Use a voucher", "", "Type the code into the box beside the basket.", "coupon"),
}
_GERMAN = {
    "returns": (
        "Artikel zurückschicken",
        "Rücksendeetikett",
        "Legen Sie alles in den Karton und kleben Sie das Etikett auf.",
        "",
    ),
    "delivery": ("Lieferzeit und Versandkosten", "", "Pakete kommen in zwei bis vier Werktagen an.", "Porto"),
    "password": ("Passwort vergessen", "", "Wir senden Ihnen einen Link für ein neues Passwort.", ""),
    "size": ("Welche Schuhgröße passt mir?", "", "Messen Sie abends Ihren Fuß; die Größe steht in der Tabelle.", ""),
    "invoice": ("Rechnung", "", "Die Rechnung für Ihre Bestellung liegt im Konto.", "Beleg"),
    "account": ("Kundenkonto löschen", "", "Ein Konto löschen wir auf Wunsch sofort.", ""),
}


def passages(language: str) -> list[Passage]:
    library = _ENGLISH if language == "en" else _GERMAN
    return [
        Passage(
            article=name,
            language=language,
            title=title,
            heading=heading,
            text=text,
            url=f"/help/{name}/",
            words=words,
        )
        for name, (title, heading, text, words) in library.items()
    ]


def index(language: str) -> Index:
    return build_index(passages(language), language=language, groups=USUAL[language])
