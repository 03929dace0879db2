"""Shoppers who have not bought yet: which size, which one, and when it is there again."""

from decimal import Decimal

from oscar_engage.desk.practice.script import Difficulty, Limit, Need, Piece, Reply, Script, Step

_BOOT_SIZE = (
    Script(
        name="boot-size",
        language="en",
        difficulty=Difficulty.EASY,
        title="Between two sizes",
        shopper="Nora",
        who="New here, or not known",
        page="Trail boot “Ridge”",
        trouble="switched the size several times",
        basket=(Piece("Trail boot “Ridge”, 42", 1, Decimal("129.00")),),
        journey=(
            Step(210, "looked at “Trail boot Ridge”"),
            Step(120, "put size 42 into the basket"),
            Step(40, "switched sizes"),
        ),
        lookup=("Ridge runs small: take one size larger.", "Returns are free within 30 days."),
        opening=("Hi! I wear 42 most of the time. Will the Ridge boot in 42 fit me?",),
        needs=(
            Need(
                words="The boot runs small: 43 is the better choice.",
                any_of=("43", "size larger", "size up", "size bigger", "larger size", "bigger size", "next size"),
                again="And which size should I take then?",
            ),
            Need(
                words="It can be returned for free within 30 days.",
                any_of=("free return*", "return* free", "return* 30", "exchange* free", "send back free", "send it back 30"),
                unless=("not", "cannot", "cant"),
                again="What if they don't fit after all?",
            ),
        ),
        replies=(Reply(any_of=("which size", "what size", "size do you"), says="42 in most shoes, 42.5 in some."),),
        topic="product",
    ),
    Script(
        name="boot-size",
        language="de",
        difficulty=Difficulty.EASY,
        title="Zwischen zwei Größen",
        shopper="Nora",
        who="Neu hier oder nicht bekannt",
        page="Wanderschuh „Ridge“",
        trouble="hat mehrmals die Größe gewechselt",
        basket=(Piece("Wanderschuh „Ridge“, 42", 1, Decimal("129.00")),),
        journey=(
            *(Step(210, "sah „Wanderschuh Ridge“ an"), Step(120, "legte Größe 42 in den Warenkorb")),
            Step(40, "wechselte die Größe"),
        ),
        lookup=("Ridge fällt klein aus: eine Nummer größer nehmen.", "Rückgabe kostenlos innerhalb von 30 Tagen."),
        opening=("Hallo! Ich trage meistens 42. Passt mir der Ridge in 42?",),
        needs=(
            Need(
                words="Der Schuh fällt klein aus: 43 passt besser.",
                any_of=(
                    "43",
                    "nummer größer",
                    "größe größer",
                    "größer nehmen",
                    "größer bestellen",
                    "größere nummer",
                    "nächste größe",
                ),
                again="Und welche Größe soll ich dann nehmen?",
            ),
            Need(
                words="Er kann innerhalb von 30 Tagen kostenlos zurück.",
                any_of=("kostenlos* zurück*", "kostenlos* rück*", "gratis zurück*", "gratis rück*", "30 zurück*", "30 rück*"),
                unless=("nicht", "kein", "keine"),
                again="Und wenn sie doch nicht passen?",
            ),
        ),
        replies=(Reply(any_of=("welche größe", "welche nummer"), says="Meistens 42, manchmal 42,5."),),
        topic="product",
    ),
)

_OUT_OF_STOCK = (
    Script(
        name="out-of-stock",
        language="en",
        difficulty=Difficulty.MEDIUM,
        title="Sold out in my size",
        shopper="Malik",
        who="Came back: visit 3",
        page="Rain jacket “Drizzle”",
        trouble="met something that is sold out",
        journey=(
            Step(90, "searched for “drizzle m”"),
            Step(60, "looked at “Rain jacket Drizzle”"),
            Step(30, "chose M: sold out"),
        ),
        lookup=(
            "Size M comes in about two weeks; the supplier gives no day.",
            "“Tell me” on the product page sends a mail as soon as it is there.",
        ),
        opening=("Is the Drizzle jacket ever coming back in M?", "I've been looking for two weeks now."),
        needs=(
            Need(
                words="It is expected in about two weeks.",
                any_of=("two week*", "2 week*", "14 day*", "fortnight"),
                again="When do you expect it?",
            ),
            Need(
                words="The page can tell by mail when it is there again.",
                any_of=("tell me", "mail", "email", "notify", "notified", "notification", "stock alert", "let you know"),
                unless=("cannot", "cant"),
                again="Do I have to look every day, then?",
            ),
        ),
        limits=(
            Limit(
                words="Promise no day that nobody has promised you.",
                any_of=("guarantee*", "promise*", "for sure", "definitely"),
                unless=("cannot", "cant", "can t", "not", "no"),
            ),
        ),
        replies=(
            Reply(any_of=("another size", "other size", "size l", "size s", "different colour"), says="No, it has to be M."),
            Reply(any_of=("which colour", "what colour", "which color"), says="The blue one."),
        ),
        topic="availability",
    ),
    Script(
        name="out-of-stock",
        language="de",
        difficulty=Difficulty.MEDIUM,
        title="In meiner Größe ausverkauft",
        shopper="Malik",
        who="Kam wieder: Besuch 3",
        page="Regenjacke „Drizzle“",
        trouble="stieß auf etwas Ausverkauftes",
        journey=(Step(90, "suchte „drizzle m“"), Step(60, "sah „Regenjacke Drizzle“ an"), Step(30, "wählte M: ausverkauft")),
        lookup=(
            "Größe M kommt in etwa zwei Wochen; der Lieferant nennt keinen Tag.",
            "„Benachrichtigen“ auf der Produktseite schickt eine Mail, sobald sie da ist.",
        ),
        opening=("Kommt die Drizzle irgendwann wieder in M?", "Ich schaue schon seit zwei Wochen."),
        needs=(
            Need(
                words="Sie wird in etwa zwei Wochen erwartet.",
                any_of=("zwei wochen", "2 wochen", "14 tage*", "vierzehn tage*"),
                again="Wann rechnen Sie denn damit?",
            ),
            Need(
                words="Die Seite meldet sich per Mail, wenn sie wieder da ist.",
                any_of=("benachrichtig*", "mail", "email", "bescheid"),
                unless=("keine",),
                again="Muss ich dann jeden Tag nachsehen?",
            ),
        ),
        limits=(
            Limit(
                words="Versprechen Sie keinen Tag, den Ihnen niemand zugesagt hat.",
                any_of=("garantier*", "versprech*", "ganz sicher", "auf jeden fall"),
                unless=("nicht", "kein*", "nichts"),
            ),
        ),
        replies=(
            Reply(any_of=("andere größe", "größe l", "größe s", "andere farbe"), says="Nein, es muss M sein."),
            Reply(any_of=("welche farbe",), says="Die blaue."),
        ),
        topic="availability",
    ),
)

_WHICH_PACK = (
    Script(
        name="which-pack",
        language="en",
        difficulty=Difficulty.HARD,
        title="Which backpack for five days",
        shopper="Ines",
        who="Customer with 2 orders",
        page="Backpacks",
        trouble="went to and fro between two products",
        journey=(
            *(Step(600, "looked at “Backpack Col 45”"), Step(480, "looked at “Backpack Col 60”")),
            *(Step(300, "looked at “Backpack Col 45”"), Step(60, "looked at “Backpack Col 60”")),
        ),
        lookup=(
            "Col 45: up to a week in huts. Col 60: with tent and food.",
            "Both come in back lengths S (up to 165 cm), M and L.",
            "Try it at home with your things in it; returns are free within 30 days.",
        ),
        opening=("I can't decide between the Col 45 and the Col 60.", "It's for five days in the Alps."),
        needs=(
            Need(
                words="You asked where they sleep: hut or tent decides.",
                any_of=("hut*", "tent*", "sleep*", "overnight", "camp*"),
                again="What would you need to know to tell me?",
            ),
            Need(
                words="45 litres are enough for five days in huts.",
                any_of=("45 enough", "col 45", "45 litre*", "45 liter*", "take 45", "recommend 45", "45 l", "smaller one"),
                unless=("60 or", "or 60"),
                again="So which of the two is it?",
            ),
            Need(
                words="At 162 cm the back length is S.",
                any_of=("length s", "back s", "size s", "s version", "in s"),
                again="I'm not tall. Does that matter?",
            ),
        ),
        replies=(
            Reply(any_of=("hut*", "tent*", "sleep*", "camp*", "overnight"), says="In huts, so no tent and no stove."),
            Reply(any_of=("how tall", "your height", "tall are you", "back length"), says="I'm 162 cm."),
            Reply(any_of=("budget", "spend"), says="The price doesn't matter so much."),
        ),
        topic="product",
        tries=3,
    ),
    Script(
        name="which-pack",
        language="de",
        difficulty=Difficulty.HARD,
        title="Welcher Rucksack für fünf Tage",
        shopper="Ines",
        who="Kundin mit 2 Bestellungen",
        page="Rucksäcke",
        trouble="ging zwischen zwei Produkten hin und her",
        journey=(
            *(Step(600, "sah „Rucksack Col 45“ an"), Step(480, "sah „Rucksack Col 60“ an")),
            *(Step(300, "sah „Rucksack Col 45“ an"), Step(60, "sah „Rucksack Col 60“ an")),
        ),
        lookup=(
            "Col 45: bis eine Woche in Hütten. Col 60: mit Zelt und Essen.",
            "Beide gibt es mit Rückenlänge S (bis 165 cm), M und L.",
            "Zu Hause gepackt anprobieren; Rückgabe kostenlos innerhalb von 30 Tagen.",
        ),
        opening=("Ich schwanke zwischen dem Col 45 und dem Col 60.", "Es geht um fünf Tage in den Alpen."),
        needs=(
            Need(
                words="Sie haben gefragt, wo sie schläft: Hütte oder Zelt entscheidet.",
                any_of=("hütte*", "zelt*", "schlaf*", "schläf*", "übernacht*"),
                again="Was müssten Sie denn wissen, um mir zu raten?",
            ),
            Need(
                words="45 Liter genügen für fünf Tage in Hütten.",
                any_of=("45 reich*", "45 genüg*", "col 45", "45 liter", "45er", "empfehl* 45", "kleinere"),
                unless=("oder 60", "60 oder"),
                again="Und welcher von beiden ist es nun?",
            ),
            Need(
                words="Bei 162 cm ist die Rückenlänge S.",
                any_of=("rückenlänge s", "länge s", "größe s", "in s"),
                again="Ich bin nicht groß. Macht das etwas aus?",
            ),
        ),
        replies=(
            Reply(any_of=("hütte*", "zelt*", "schlaf*", "schläf*", "übernacht*"), says="In Hütten, also ohne Zelt und Kocher."),
            Reply(any_of=("wie groß", "körpergröße", "rückenlänge"), says="Ich bin 162 cm groß."),
            Reply(any_of=("budget", "ausgeben"), says="Der Preis ist nicht so wichtig."),
        ),
        topic="product",
        tries=3,
    ),
)

PRODUCTS = (*_BOOT_SIZE, *_OUT_OF_STOCK, *_WHICH_PACK)
