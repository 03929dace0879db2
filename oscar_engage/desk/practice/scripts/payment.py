"""Shoppers at the till: the card is refused, the voucher does not count, the invoice lacks a number."""

from decimal import Decimal

from oscar_engage.desk.practice.script import Difficulty, Need, Piece, Reply, Script, Step

_CARD_REFUSED = (
    Script(
        name="card-refused",
        language="en",
        difficulty=Difficulty.MEDIUM,
        title="The card is refused",
        shopper="Jonas",
        who="Customer without an order yet",
        page="Checkout: payment",
        trouble="payment refused, twice",
        basket=(Piece("Tent “Lee 2”", 1, Decimal("349.00")),),
        journey=(Step(200, "began the checkout"), Step(110, "payment refused"), Step(50, "payment refused")),
        lookup=(
            "The bank refuses, not we; nothing was charged.",
            "PayPal and invoice work without the card. The basket is kept.",
        ),
        opening=("My card was refused twice. Have I paid now or not?",),
        needs=(
            Need(
                words="Nothing was charged.",
                any_of=(
                    *("nothing charged", "not charged", "not been charged", "not paid", "no money", "nothing taken"),
                    *("not been debited", "no charge", "not debited", "hasn t been charged", "wasn t charged"),
                ),
                again="So was my card charged or not?",
            ),
            Need(
                words="It was the bank that refused.",
                any_of=("bank", "card issuer", "issuer"),
                again="Why does it refuse my card at all?",
            ),
            Need(
                words="There is another way to pay: PayPal or invoice.",
                any_of=(
                    "paypal",
                    "invoice",
                    "another card",
                    "other payment",
                    "different payment",
                    "another payment",
                    "another way",
                ),
                again="And how do I get the tent now?",
            ),
        ),
        replies=(
            Reply(any_of=("which card", "kind of card", "what message", "error message"), says="It just says “refused”."),
            Reply(any_of=("which bank",), says="A small local one."),
        ),
        topic="payment",
    ),
    Script(
        name="card-refused",
        language="de",
        difficulty=Difficulty.MEDIUM,
        title="Die Karte wird abgelehnt",
        shopper="Jonas",
        who="Kunde noch ohne Bestellung",
        page="Kasse: Zahlung",
        trouble="Zahlung zweimal abgelehnt",
        basket=(Piece("Zelt „Lee 2“", 1, Decimal("349.00")),),
        journey=(Step(200, "ging zur Kasse"), Step(110, "Zahlung abgelehnt"), Step(50, "Zahlung abgelehnt")),
        lookup=(
            "Es lehnt die Bank ab, nicht wir; abgebucht wurde nichts.",
            "PayPal und Rechnung gehen ohne Karte. Der Warenkorb bleibt erhalten.",
        ),
        opening=("Meine Karte wurde zweimal abgelehnt. Habe ich jetzt bezahlt oder nicht?",),
        needs=(
            Need(
                words="Abgebucht wurde nichts.",
                any_of=(
                    "nichts abgebucht",
                    "nicht abgebucht",
                    "nicht belastet",
                    "nicht bezahlt",
                    "kein geld",
                    "nichts belastet",
                ),
                again="Wurde nun abgebucht oder nicht?",
            ),
            Need(
                words="Abgelehnt hat die Bank.",
                any_of=("bank", "kartenherausgeber*"),
                again="Warum geht meine Karte überhaupt nicht?",
            ),
            Need(
                words="Es gibt andere Wege: PayPal oder Rechnung.",
                any_of=(
                    "paypal",
                    "rechnung",
                    "andere karte",
                    "anderen karte",
                    "andere zahl*",
                    "anderen zahl*",
                    "anders bezahlen",
                ),
                again="Und wie bekomme ich jetzt das Zelt?",
            ),
        ),
        replies=(
            Reply(any_of=("welche karte", "welche meldung", "fehlermeldung"), says="Da steht nur „abgelehnt“."),
            Reply(any_of=("welche bank",), says="Eine kleine von hier."),
        ),
        topic="payment",
    ),
)

_VOUCHER = (
    Script(
        name="voucher",
        language="en",
        difficulty=Difficulty.MEDIUM,
        title="The voucher does not count",
        shopper="Lea",
        who="Came back: visit 2",
        page="Basket",
        trouble="voucher refused",
        basket=(Piece("Wool socks", 2, Decimal("29.80")), Piece("Drinking bottle", 1, Decimal("14.90"))),
        journey=(
            Step(180, "put “Wool socks” into the basket"),
            Step(70, "voucher SPRING10 refused"),
            Step(20, "opened the help"),
        ),
        lookup=("SPRING10: 10 % off from 50 on, once per customer.", "The basket comes to 44.70."),
        opening=("Your code SPRING10 doesn't work!",),
        needs=(
            Need(
                words="The code counts from 50 on.",
                any_of=("50", "minimum"),
                again="Why doesn't it work?",
            ),
            Need(
                words="The basket is short of that by 5.30.",
                any_of=("5 30", "44 70", "add*", "short", "missing", "too little"),
                again="How far am I from that?",
            ),
        ),
        replies=(
            Reply(
                any_of=("which code", "what code", "what message", "error"),
                says="SPRING10, and it says “not valid for this basket”.",
            ),
            Reply(any_of=("used it before", "used before", "already used"), says="No, never."),
        ),
        topic="payment",
    ),
    Script(
        name="voucher",
        language="de",
        difficulty=Difficulty.MEDIUM,
        title="Der Gutschein zählt nicht",
        shopper="Lea",
        who="Kam wieder: Besuch 2",
        page="Warenkorb",
        trouble="Gutschein abgelehnt",
        basket=(Piece("Wollsocken", 2, Decimal("29.80")), Piece("Trinkflasche", 1, Decimal("14.90"))),
        journey=(
            *(Step(180, "legte „Wollsocken“ in den Warenkorb"), Step(70, "Gutschein SPRING10 abgelehnt")),
            Step(20, "öffnete die Hilfe"),
        ),
        lookup=("SPRING10: 10 % Nachlass ab 50, einmal je Kunde.", "Der Warenkorb kommt auf 44,70."),
        opening=("Ihr Code SPRING10 geht nicht!",),
        needs=(
            Need(words="Der Code gilt ab 50.", any_of=("50", "mindest*"), again="Warum geht er denn nicht?"),
            Need(
                words="Dem Warenkorb fehlen dazu 5,30.",
                any_of=("5 30", "44 70", "fehl*", "zu wenig", "noch etwas"),
                again="Wie viel fehlt mir denn?",
            ),
        ),
        replies=(
            Reply(
                any_of=("welcher code", "welche meldung", "fehlermeldung"), says="SPRING10, „gilt nicht für diesen Warenkorb“."
            ),
            Reply(any_of=("schon einmal", "schon benutzt", "eingelöst"), says="Nein, noch nie."),
        ),
        topic="payment",
    ),
)

_INVOICE = (
    Script(
        name="invoice",
        language="en",
        difficulty=Difficulty.EASY,
        title="An invoice for the company",
        shopper="Mr Brandt",
        who="Customer with 1 order",
        page="My orders",
        journey=(Step(240, "logged in"), Step(120, "looked at order 100201"), Step(60, "searched for “invoice”")),
        lookup=(
            "Invoices: in the account, under Orders, as a PDF.",
            "The company's VAT number: in the account, under Addresses; it is on the invoice at once.",
        ),
        opening=("Good day, I need an invoice with our VAT number on it for order 100201.",),
        needs=(
            Need(
                words="The invoice is in the account, under Orders.",
                any_of=("account", "under orders", "my orders", "pdf", "attach*", "download*"),
                again="Where do I find the invoice?",
            ),
            Need(
                words="The VAT number is entered under Addresses.",
                any_of=("under addresses", "address* vat", "address book", "vat addresses", "addresses"),
                again="And how does our VAT number get onto it?",
            ),
        ),
        replies=(Reply(any_of=("which order", "order number"), says="100201, as I wrote."),),
        topic="payment",
        thanks=("Found it. Thank you, good day.",),
    ),
    Script(
        name="invoice",
        language="de",
        difficulty=Difficulty.EASY,
        title="Eine Rechnung für die Firma",
        shopper="Herr Brandt",
        who="Kunde mit 1 Bestellung",
        page="Meine Bestellungen",
        journey=(Step(240, "meldete sich an"), Step(120, "sah Bestellung 100201 an"), Step(60, "suchte „Rechnung“")),
        lookup=(
            "Rechnungen: im Konto unter Bestellungen, als PDF.",
            "Umsatzsteuernummer der Firma: im Konto unter Adressen; sie steht sofort auf der Rechnung.",
        ),
        opening=("Guten Tag, ich brauche zur Bestellung 100201 eine Rechnung mit unserer Umsatzsteuernummer.",),
        needs=(
            Need(
                words="Die Rechnung steht im Konto unter Bestellungen.",
                any_of=("konto", "unter bestellungen", "pdf", "herunterlad*", "anhang"),
                again="Wo finde ich die Rechnung?",
            ),
            Need(
                words="Die Umsatzsteuernummer trägt man unter Adressen ein.",
                any_of=("adressen", "adressbuch", "unter adresse*"),
                again="Und wie kommt unsere Nummer darauf?",
            ),
        ),
        replies=(Reply(any_of=("welche bestellung", "bestellnummer*"), says="100201, wie geschrieben."),),
        topic="payment",
        thanks=("Gefunden. Danke, einen guten Tag.",),
    ),
)

PAYMENT = (*_CARD_REFUSED, *_VOUCHER, *_INVOICE)
