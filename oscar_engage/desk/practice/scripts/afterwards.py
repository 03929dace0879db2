"""Shoppers who have it already, or cannot get in: it goes back, it is broken, the password is gone."""

from oscar_engage.desk.practice.script import Difficulty, Limit, Need, Reply, Script, Step

_PASSWORD = (
    Script(
        name="password",
        language="en",
        difficulty=Difficulty.EASY,
        title="Cannot log in",
        shopper="Ruth",
        who="Came back: visit 5",
        page="Log in",
        trouble="login failed five times",
        journey=(Step(160, "login failed"), Step(100, "login failed"), Step(45, "asked for a new password")),
        lookup=(
            "After five failures the login is locked for 15 minutes.",
            "The mail for a new password comes within two minutes, often into the spam folder.",
        ),
        opening=("I can't log in any more, and the mail for the new password doesn't come.",),
        needs=(
            Need(
                words="The mail is often in the spam folder.",
                any_of=("spam", "junk"),
                again="But where is that mail?",
            ),
            Need(
                words="The login is locked for 15 minutes.",
                any_of=("15 minute*", "fifteen minute*", "quarter hour", "15 min"),
                again="And why does it say that I'm locked out?",
            ),
        ),
        replies=(Reply(any_of=("mail address", "email address", "which address"), says="ruth@example.org."),),
        topic="account",
    ),
    Script(
        name="password",
        language="de",
        difficulty=Difficulty.EASY,
        title="Kommt nicht ins Konto",
        shopper="Ruth",
        who="Kam wieder: Besuch 5",
        page="Anmelden",
        trouble="Anmeldung fünfmal fehlgeschlagen",
        journey=(
            *(Step(160, "Anmeldung fehlgeschlagen"), Step(100, "Anmeldung fehlgeschlagen")),
            Step(45, "forderte ein neues Passwort an"),
        ),
        lookup=(
            "Nach fünf Fehlern ist die Anmeldung 15 Minuten gesperrt.",
            "Die Mail für ein neues Passwort kommt innerhalb von zwei Minuten, oft in den Spam-Ordner.",
        ),
        opening=("Ich komme nicht mehr in mein Konto, und die Mail für das neue Passwort kommt nicht.",),
        needs=(
            Need(
                words="Die Mail liegt oft im Spam-Ordner.",
                any_of=("spam*", "junk*", "werbung"),
                again="Wo bleibt denn die Mail?",
            ),
            Need(
                words="Die Anmeldung ist 15 Minuten gesperrt.",
                any_of=("15 minute*", "fünfzehn minute*", "viertelstunde", "15 min"),
                again="Und warum bin ich gesperrt?",
            ),
        ),
        replies=(Reply(any_of=("mailadresse", "mail adresse", "welche adresse"), says="ruth@example.org."),),
        topic="account",
    ),
)

_RETURN = (
    Script(
        name="return",
        language="en",
        difficulty=Difficulty.MEDIUM,
        title="Three weeks old, tried on at home",
        shopper="Hannah",
        who="Customer with 3 orders",
        page="Returns",
        journey=(Step(400, "looked at order 100152"), Step(120, "read “Returns”"), Step(60, "found it not helpful")),
        lookup=(
            "Back within 30 days, unless worn outdoors.",
            "The label is in the account, under Orders.",
            "The money is back 5 days after it has arrived.",
        ),
        opening=("I bought boots three weeks ago and only tried them on at home. Can they still go back?",),
        needs=(
            Need(
                words="Yes: 30 days, and trying on at home is fine.",
                any_of=(
                    "30 day*",
                    "thirty day*",
                    "yes return",
                    "still return*",
                    "can return",
                    "can send back",
                    "no problem return*",
                ),
                unless=("cannot", "cant", "no longer"),
                again="So may they go back or not?",
            ),
            Need(
                words="The label is in the account, under Orders.",
                any_of=("label", "account", "under orders"),
                again="How do I send them, then?",
            ),
            Need(
                words="The money is back 5 days after it has arrived.",
                any_of=("5 day*", "five day*", "5 working day*"),
                again="And when do I get my money?",
            ),
        ),
        replies=(
            Reply(any_of=("outdoor*", "worn", "outside"), says="No, only in the living room."),
            Reply(any_of=("order number", "which order"), says="100152."),
            Reply(any_of=("why", "reason", "wrong with"), says="They pinch at the heel."),
        ),
        topic="return",
    ),
    Script(
        name="return",
        language="de",
        difficulty=Difficulty.MEDIUM,
        title="Drei Wochen alt, zu Hause anprobiert",
        shopper="Hannah",
        who="Kundin mit 3 Bestellungen",
        page="Rückgabe",
        journey=(Step(400, "sah Bestellung 100152 an"), Step(120, "las „Rückgabe“"), Step(60, "fand es nicht hilfreich")),
        lookup=(
            "Rückgabe innerhalb von 30 Tagen, außer draußen getragen.",
            "Der Rücksendeschein steht im Konto unter Bestellungen.",
            "Das Geld ist 5 Tage nach Eingang zurück.",
        ),
        opening=("Ich habe vor drei Wochen Schuhe gekauft und nur zu Hause anprobiert. Kann ich sie noch zurückgeben?",),
        needs=(
            Need(
                words="Ja: 30 Tage, und zu Hause anprobieren ist in Ordnung.",
                any_of=("30 tage*", "dreißig tage*", "ja zurück*", "können zurück*", "noch zurück*"),
                unless=("nicht mehr", "leider nicht"),
                again="Also dürfen sie zurück oder nicht?",
            ),
            Need(
                words="Der Rücksendeschein steht im Konto unter Bestellungen.",
                any_of=("rücksendeschein*", "etikett", "label", "retourenschein*", "konto", "unter bestellungen"),
                again="Und wie schicke ich sie dann?",
            ),
            Need(
                words="Das Geld ist 5 Tage nach Eingang zurück.",
                any_of=("5 tage*", "fünf tage*", "5 werktage*"),
                again="Und wann bekomme ich mein Geld?",
            ),
        ),
        replies=(
            Reply(any_of=("draußen", "getragen"), says="Nein, nur im Wohnzimmer."),
            Reply(any_of=("bestellnummer*", "welche bestellung"), says="100152."),
            Reply(any_of=("warum", "grund", "stimmt nicht"), says="Sie drücken an der Ferse."),
        ),
        topic="return",
    ),
)

_BROKEN = (
    Script(
        name="broken",
        language="en",
        difficulty=Difficulty.HARD,
        title="Broken, and a present for Saturday",
        shopper="Daniel",
        who="Customer with 1 order",
        page="My orders",
        trouble="clicked angrily",
        journey=(Step(90, "looked at order 100219"), Step(60, "clicked many times in one place"), Step(20, "opened the help")),
        lookup=(
            "A broken thing is replaced: by express, at no cost.",
            "The broken one does not have to be sent back.",
            "For the replacement you need a photo, nothing else.",
        ),
        opening=("The zip of the jacket is broken!!", "It was meant as a present for Saturday."),
        needs=(
            Need(
                words="You said sorry.",
                any_of=("sorry", "apologise", "apologize", "apologies"),
                again="Is that all you have to say?",
            ),
            Need(
                words="A new one comes by express, at no cost.",
                any_of=("express", "replacement free", "new one free", "replace* no cost", "new* no charge", "replace* free"),
                again="Will I have one by Saturday or not?",
            ),
            Need(
                words="The broken one does not have to come back.",
                any_of=(
                    *(
                        "keep",
                        "not send back",
                        "not need send",
                        "don t send",
                        "no need send",
                        "not have to send",
                        "without sending",
                    ),
                    *("dispose", "donate", "not return"),
                ),
                again="And do I have to take the old one to the post office, too?",
            ),
        ),
        limits=(
            Limit(
                words="Do not send them to the manufacturer or look for who is to blame: the shop replaces it.",
                any_of=("manufacturer", "contact maker", "did you", "your fault", "have you pulled"),
                unless=("photo", "picture"),
                says="I bought it from you, and it came like this.",
            ),
        ),
        replies=(Reply(any_of=("photo", "picture", "image"), says="I've got a photo here. Ah, here is where it goes. Done."),),
        topic="return",
        tries=3,
    ),
    Script(
        name="broken",
        language="de",
        difficulty=Difficulty.HARD,
        title="Kaputt, und ein Geschenk für Samstag",
        shopper="Daniel",
        who="Kunde mit 1 Bestellung",
        page="Meine Bestellungen",
        trouble="klickte verärgert",
        journey=(Step(90, "sah Bestellung 100219 an"), Step(60, "klickte oft an eine Stelle"), Step(20, "öffnete die Hilfe")),
        lookup=(
            "Kaputtes wird ersetzt: per Express und kostenlos.",
            "Das kaputte Stück muss nicht zurück.",
            "Für den Ersatz brauchen Sie ein Foto, sonst nichts.",
        ),
        opening=("Der Reißverschluss der Jacke ist kaputt!!", "Die sollte ein Geschenk für Samstag sein."),
        needs=(
            Need(
                words="Sie haben sich entschuldigt.",
                any_of=("entschuldig*", "tut leid", "verzeih*", "bedaue*"),
                again="Ist das alles, was Sie dazu sagen?",
            ),
            Need(
                words="Eine neue kommt per Express, kostenlos.",
                any_of=("express*", "kostenlos* ersatz*", "kostenlos* neue", "ersatz* kostenlos*", "ersatz* gratis"),
                again="Habe ich bis Samstag eine oder nicht?",
            ),
            Need(
                words="Die kaputte muss nicht zurück.",
                any_of=("behalten", "nicht zurück*", "entsorgen", "spenden", "müssen nicht senden"),
                again="Und muss ich die alte auch noch zur Post bringen?",
            ),
        ),
        limits=(
            Limit(
                words="Schicken Sie ihn nicht zum Hersteller und suchen Sie keinen Schuldigen: der Shop ersetzt sie.",
                any_of=("hersteller", "haben sie gezogen", "ihre schuld", "selbst kaputt"),
                says="Ich habe bei Ihnen gekauft, und so kam sie an.",
            ),
        ),
        replies=(Reply(any_of=("foto*", "bild*"), says="Ein Foto habe ich hier. Ah, hier gehört es hin. Schon geschickt."),),
        topic="return",
        tries=3,
    ),
)

AFTERWARDS = (*_PASSWORD, *_RETURN, *_BROKEN)
