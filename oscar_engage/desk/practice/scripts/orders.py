"""Shoppers who wait for something: in time, to the right address, or not at all."""

from decimal import Decimal

from oscar_engage.desk.practice.script import Difficulty, Limit, Need, Piece, Reply, Script, Step

_IN_TIME = (
    Script(
        name="in-time",
        language="en",
        difficulty=Difficulty.EASY,
        title="Needed by the day after tomorrow",
        shopper="Tom",
        who="New here, or not known",
        page="Checkout: shipping",
        trouble="has been on this step for a while",
        basket=(Piece("Head torch “Beam”", 1, Decimal("39.90")), Piece("Batteries AAA, 8 pieces", 2, Decimal("11.80"))),
        journey=(
            Step(300, "put “Head torch Beam” into the basket"),
            Step(150, "began the checkout"),
            Step(100, "chose shipping"),
        ),
        lookup=(
            "Standard: 2 to 4 working days, 4.90.",
            "Express: the next working day if ordered by 2 p.m., 12.90.",
        ),
        opening=("Can I get this by the day after tomorrow? We leave in the evening.",),
        needs=(
            Need(
                words="Express arrives in time.",
                any_of=("express",),
                unless=("no express", "not express"),
                again="So how would it get here in time?",
            ),
            Need(
                words="It has to be ordered by 2 p.m.",
                any_of=("2 pm", "2 p m", "14 00", "2 o clock", "two o clock", "2pm"),
                again="By when do I have to order?",
            ),
            Need(words="Express costs 12.90.", any_of=("12 90",), again="And what does that cost?"),
        ),
        replies=(
            Reply(any_of=("where", "which country", "postcode", "address"), says="To a town in the north, normal address."),
            Reply(any_of=("what time", "when do you"), says="We leave at six in the evening."),
        ),
        topic="delivery",
    ),
    Script(
        name="in-time",
        language="de",
        difficulty=Difficulty.EASY,
        title="Übermorgen gebraucht",
        shopper="Tom",
        who="Neu hier oder nicht bekannt",
        page="Kasse: Versand",
        trouble="ist schon länger auf diesem Schritt",
        basket=(Piece("Stirnlampe „Beam“", 1, Decimal("39.90")), Piece("Batterien AAA, 8 Stück", 2, Decimal("11.80"))),
        journey=(
            *(Step(300, "legte „Stirnlampe Beam“ in den Warenkorb"), Step(150, "ging zur Kasse")),
            Step(100, "wählte den Versand"),
        ),
        lookup=(
            "Standard: 2 bis 4 Werktage, 4,90.",
            "Express: am nächsten Werktag bei Bestellung bis 14 Uhr, 12,90.",
        ),
        opening=("Kommt das bis übermorgen an? Wir fahren abends los.",),
        needs=(
            Need(
                words="Mit Express kommt es rechtzeitig.",
                any_of=("express*",),
                unless=("kein express*",),
                again="Und wie kommt es rechtzeitig?",
            ),
            Need(words="Bestellt sein muss bis 14 Uhr.", any_of=("14 uhr", "14 00"), again="Bis wann muss ich bestellen?"),
            Need(words="Express kostet 12,90.", any_of=("12 90",), again="Und was kostet das?"),
        ),
        replies=(
            Reply(any_of=("wohin", "welches land", "postleitzahl", "adresse"), says="In eine Stadt im Norden, ganz normal."),
            Reply(any_of=("wann fahren", "um wie viel", "wann genau"), says="Wir fahren um sechs Uhr abends."),
        ),
        topic="delivery",
    ),
)

_OLD_ADDRESS = (
    Script(
        name="old-address",
        language="en",
        difficulty=Difficulty.MEDIUM,
        title="Ordered to the old address",
        shopper="Priya",
        who="Customer with 4 orders",
        page="Order confirmation",
        journey=(Step(1200, "placed an order"), Step(60, "looked at the order"), Step(30, "opened the help")),
        lookup=(
            "The address can be changed within 60 minutes of the order.",
            "You need the order number and the new address, then change it and say that you did.",
        ),
        opening=("I've just ordered to my old address!", "Can that still be changed?"),
        needs=(
            Need(
                words="You asked for the order number.",
                any_of=("order number", "number of the order", "number of your order", "order no"),
                again="What do you need from me?",
            ),
            Need(
                words="You asked for the new address.",
                any_of=("new address", "right address", "correct address", "address should", "which address", "what address"),
                again="Don't you need the new address?",
            ),
            Need(
                words="You said that it is changed.",
                any_of=("have changed", "ve changed", "is changed", "been changed", "updated", "address changed", "corrected"),
                unless=("can be", "cannot", "not"),
                again="Is it changed now?",
            ),
        ),
        replies=(
            Reply(
                any_of=("order number", "number of the order", "number of your order", "order no"),
                says="It's 100234. Do you need anything else?",
            ),
            Reply(
                any_of=("new address", "right address", "correct address", "which address", "what address", "address should"),
                says="12 Mill Lane, third floor.",
            ),
        ),
        topic="order",
        patience=75,
    ),
    Script(
        name="old-address",
        language="de",
        difficulty=Difficulty.MEDIUM,
        title="An die alte Adresse bestellt",
        shopper="Priya",
        who="Kundin mit 4 Bestellungen",
        page="Bestellbestätigung",
        journey=(Step(1200, "gab eine Bestellung auf"), Step(60, "sah die Bestellung an"), Step(30, "öffnete die Hilfe")),
        lookup=(
            "Die Adresse lässt sich bis 60 Minuten nach der Bestellung ändern.",
            "Sie brauchen Bestellnummer und neue Adresse; dann ändern Sie sie und sagen, dass es geschehen ist.",
        ),
        opening=("Ich habe gerade an meine alte Adresse bestellt!", "Lässt sich das noch ändern?"),
        needs=(
            Need(
                words="Sie haben nach der Bestellnummer gefragt.",
                any_of=("bestellnummer*", "auftragsnummer*", "nummer bestellung"),
                again="Was brauchen Sie von mir?",
            ),
            Need(
                words="Sie haben nach der neuen Adresse gefragt.",
                any_of=("neue* adresse", "richtige* adresse", "neue* anschrift", "welche adresse", "wohin"),
                again="Brauchen Sie nicht die neue Adresse?",
            ),
            Need(
                words="Sie haben gesagt, dass sie geändert ist.",
                any_of=("geändert", "angepasst", "aktualisiert", "hinterlegt", "korrigiert"),
                unless=("kann", "werden kann", "nicht"),
                again="Ist sie jetzt geändert?",
            ),
        ),
        replies=(
            Reply(
                any_of=("bestellnummer*", "auftragsnummer*", "nummer bestellung"),
                says="Sie lautet 100234. Brauchen Sie noch etwas?",
            ),
            Reply(
                any_of=("neue* adresse", "richtige* adresse", "neue* anschrift", "welche adresse", "wohin"),
                says="Mühlgasse 12, dritter Stock.",
            ),
        ),
        topic="order",
        patience=75,
    ),
)

_LOST_PARCEL = (
    Script(
        name="lost-parcel",
        language="en",
        difficulty=Difficulty.HARD,
        title="The parcel does not move",
        shopper="Greta",
        who="Customer with 7 orders",
        page="My orders",
        trouble="has asked about it before",
        journey=(Step(500, "logged in"), Step(420, "looked at order 100187"), Step(200, "looked at order 100187")),
        lookup=(
            "Tracking: at the carrier's depot for four days.",
            "Open a search request with the carrier: answer within 3 working days.",
            "If it is not found by then: a new parcel or the money back, as the customer likes.",
        ),
        opening=("My parcel hasn't moved for FOUR days.", "And nobody answered my mail."),
        needs=(
            Need(
                words="You said sorry for the wait, or for the mail without an answer.",
                any_of=("sorry", "apologise", "apologize", "apologies"),
                again="A word on why nobody answers would be nice.",
            ),
            Need(
                words="You ask the carrier to search for it.",
                any_of=(
                    "search request",
                    "search carrier",
                    "ask* carrier",
                    "trace",
                    "investigat*",
                    "contact* carrier",
                    "inquiry",
                ),
                unless=("you can", "yourself"),
                again="And what are you going to DO about it?",
            ),
            Need(
                words="There is an answer within 3 working days.",
                any_of=(
                    "3 working day*",
                    "three working day*",
                    "3 business day*",
                    "three business day*",
                    "3 day*",
                    "three day*",
                ),
                again="And when will I hear from you?",
            ),
            Need(
                words="Otherwise a new parcel or the money back, as they like.",
                any_of=("new parcel", "new one", "replace*", "refund*", "money back", "send again"),
                again="And if they don't find it?",
            ),
        ),
        limits=(
            Limit(
                words="Do not promise that it comes tomorrow: nobody knows.",
                any_of=("tomorrow", "guarantee*", "promise"),
                unless=("cannot", "cant", "can t", "not"),
                says="That's what they told me last time.",
            ),
        ),
        replies=(Reply(any_of=("order number", "which order", "tracking number"), says="100187. It's in my account, too."),),
        topic="order",
        tries=3,
    ),
    Script(
        name="lost-parcel",
        language="de",
        difficulty=Difficulty.HARD,
        title="Das Paket bewegt sich nicht",
        shopper="Greta",
        who="Kundin mit 7 Bestellungen",
        page="Meine Bestellungen",
        trouble="hat schon einmal danach gefragt",
        journey=(
            *(Step(500, "meldete sich an"), Step(420, "sah Bestellung 100187 an")),
            Step(200, "sah Bestellung 100187 an"),
        ),
        lookup=(
            "Sendungsverfolgung: seit vier Tagen im Lager des Zustellers.",
            "Nachforschung beim Zusteller beauftragen: Antwort innerhalb von 3 Werktagen.",
            "Findet sich das Paket bis dahin nicht: neues Paket oder Geld zurück, wie es der Kundin lieber ist.",
        ),
        opening=("Mein Paket bewegt sich seit VIER Tagen nicht.", "Und auf meine Mail antwortet niemand."),
        needs=(
            Need(
                words="Sie haben sich für das Warten oder die Mail ohne Antwort entschuldigt.",
                any_of=("entschuldig*", "tut leid", "verzeih*", "bedaue*"),
                again="Ein Wort dazu, warum niemand antwortet, wäre nett.",
            ),
            Need(
                words="Sie beauftragen eine Nachforschung beim Zusteller.",
                any_of=("nachforsch*", "suchauftrag", "zusteller frage*", "zusteller kontakt*", "nachfrage* zusteller"),
                unless=("sie selbst",),
                again="Und was TUN Sie jetzt?",
            ),
            Need(
                words="Innerhalb von 3 Werktagen gibt es eine Antwort.",
                any_of=("3 werktag*", "drei werktag*", "3 tag*", "drei tag*"),
                again="Und wann höre ich von Ihnen?",
            ),
            Need(
                words="Sonst ein neues Paket oder das Geld zurück, wie sie möchte.",
                any_of=("neues paket", "ersatz*", "geld zurück", "erstatt*", "noch einmal senden", "neu schicken"),
                again="Und wenn es sich nicht findet?",
            ),
        ),
        limits=(
            Limit(
                words="Versprechen Sie nicht, dass es morgen kommt: niemand weiß es.",
                any_of=("morgen", "garantier*", "verspreche*"),
                unless=("nicht", "guten morgen"),
                says="Das hat man mir letztes Mal auch gesagt.",
            ),
        ),
        replies=(
            Reply(any_of=("bestellnummer*", "welche bestellung", "sendungsnummer*"), says="100187, steht auch im Konto."),
        ),
        topic="order",
        tries=3,
    ),
)

ORDERS = (*_IN_TIME, *_OLD_ADDRESS, *_LOST_PARCEL)
