"""What a good agent writes to each shopper that comes with the package, a turn each line."""

GOOD: dict[str, tuple[str, ...]] = {
    "boot-size.en": ("Hello Nora! Ridge runs small, so please take one size up. You can return them for free within 30 days.",),
    "boot-size.de": ("Hallo Nora! Ridge fällt klein aus, nehmen Sie also 43.", "Die Rückgabe ist 30 Tage lang kostenlos."),
    "out-of-stock.en": ("We expect M in about two weeks. Press “Tell me” and you get an email the moment it is there.",),
    "out-of-stock.de": ("Wir erwarten M in etwa zwei Wochen.", "Mit „Benachrichtigen“ bekommen Sie gleich eine Mail."),
    "which-pack.en": (
        "Will you sleep in huts or in a tent?",
        "How tall are you?",
        "Then the Col 45 is enough, in back length S.",
    ),
    "which-pack.de": (
        "Übernachten Sie in Hütten oder im Zelt?",
        "Wie groß sind Sie?",
        "Dann reicht der Col 45, Rückenlänge S.",
    ),
    "in-time.en": ("Yes, with express. Order by 2 p.m. and it is there the next working day, for 12.90.",),
    "in-time.de": ("Ja, per Expressversand: bis 14 Uhr bestellt, kommt es am nächsten Werktag. Das kostet 12,90.",),
    "old-address.en": (
        "What is your order number?",
        "And which address should it go to?",
        "Thank you, I have changed it for you.",
    ),
    "old-address.de": ("Wie lautet Ihre Bestellnummer?", "Und wie ist die neue Adresse?", "Danke, ich habe sie geändert."),
    "lost-parcel.en": (
        "I am sorry that nobody answered you.",
        "I have opened a search request with the carrier, they answer within 3 working days.",
        "If it is not found by then, you get a new one or your money back, as you like.",
    ),
    "lost-parcel.de": (
        "Es tut mir leid, dass niemand geantwortet hat.",
        "Ich beauftrage eine Nachforschung, die Antwort kommt innerhalb von 3 Werktagen.",
        "Findet es sich nicht, schicken wir ein neues Paket oder erstatten das Geld.",
    ),
    "card-refused.en": ("Nothing was charged: your bank refused it. You can pay with PayPal or on invoice instead.",),
    "card-refused.de": ("Es wurde nichts abgebucht, Ihre Bank hat abgelehnt. Sie können mit PayPal oder auf Rechnung zahlen.",),
    "voucher.en": ("The code counts from 50 on, and your basket comes to 44.70.",),
    "voucher.de": ("Der Code gilt ab einem Mindestwert von 50, es fehlen noch 5,30.",),
    "invoice.en": ("You find it in your account under Orders. Enter the VAT number under Addresses, please.",),
    "invoice.de": ("Die Rechnung steht in Ihrem Konto unter Bestellungen. Die Nummer tragen Sie unter Adressen ein.",),
    "password.en": ("Please look into your spam folder. After five failures the login is locked for 15 minutes.",),
    "password.de": ("Bitte sehen Sie im Spam-Ordner nach. Die Anmeldung ist 15 Minuten gesperrt.",),
    "return.en": (
        "Yes, within 30 days that is fine. You find the label in your account. The money is back five days after we have them.",
    ),
    "return.de": (
        "Ja, innerhalb von 30 Tagen gern.",
        "Den Rücksendeschein finden Sie im Konto, und das Geld ist fünf Tage nach Eingang zurück.",
    ),
    "broken.en": ("I am so sorry! You get a replacement by express, for free.", "You may keep the broken one."),
    "broken.de": ("Das tut mir sehr leid! Sie bekommen kostenlos eine neue per Express.", "Die kaputte können Sie behalten."),
}
