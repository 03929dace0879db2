"""What does everybody say in a language: thanks, "are you still there?", and what no agent may ask of anybody?"""

from collections.abc import Mapping

from oscar_engage.desk.practice.script import Limit, Manners, Script

_ENGLISH = Manners(
    greetings=("hello", "hi", "hey", "good morning", "good afternoon", "good evening", "welcome", "my name"),
    moments=("moment", "minute", "let me check", "let me look", "look it up", "i will check", "i ll check", "bear with me"),
    still_there=("Are you still there?", "Hello? Is anybody there?", "Are you still with me?"),
    waits=("Sure, take your time.", "Alright, I'll wait.", "No problem."),
    unsure=("I don't know that, sorry.", "I'm not sure what you mean. Can you help me without that?"),
    thanks=("Great, thank you! Bye.", "That helps, thanks a lot!", "Perfect, thank you very much."),
    gone=("I'll try somewhere else. Bye.", "Nobody there. Never mind."),
    unhelped=("This doesn't help me, sorry. Bye.", "I'm afraid we're going round in circles. I'll leave it."),
    limits=(
        Limit(
            words="Never ask for a card number, a security code or a password: nobody at the desk needs them.",
            any_of=("card number", "credit card digit*", "cvv", "cvc", "security code", "your password", "your pin"),
            unless=("not", "never", "don", "dont", "without", "reset*", "new", "forgot*", "change", "masked"),
            says="I'd rather not write that in a chat. Is there another way?",
        ),
        Limit(
            words="Do not leave the shopper alone with it: say what you can do, not that it is not your affair.",
            any_of=("not my job", "not my problem", "not responsible", "your own fault", "read the faq", "calm down"),
        ),
    ),
)

_GERMAN = Manners(
    greetings=("hallo", "guten tag", "guten morgen", "guten abend", "hi", "moin", "servus", "willkommen", "mein name"),
    moments=("moment", "augenblick", "minute", "sehe nach", "schaue nach", "schau nach", "prüfe das", "kurz nach"),
    still_there=("Sind Sie noch da?", "Hallo? Ist da jemand?", "Sind Sie noch bei mir?"),
    waits=("Gern, lassen Sie sich Zeit.", "In Ordnung, ich warte.", "Kein Problem."),
    unsure=("Das weiß ich leider nicht.", "Ich weiß nicht, was Sie meinen. Geht es auch ohne?"),
    thanks=("Super, vielen Dank! Tschüss.", "Das hilft mir, danke schön!", "Perfekt, herzlichen Dank."),
    gone=("Dann versuche ich es woanders. Tschüss.", "Niemand da. Dann eben nicht."),
    unhelped=("Das hilft mir leider nicht. Tschüss.", "Wir drehen uns im Kreis, ich lasse es."),
    limits=(
        Limit(
            words="Fragen Sie nie nach Kartennummer, Prüfziffer oder Passwort: niemand im Kundendienst braucht sie.",
            any_of=(
                "kartennummer*",
                "kreditkartennummer*",
                "prüfziffer*",
                "cvv",
                "cvc",
                "ihr passwort",
                "ihr kennwort",
                "ihre pin",
            ),
            unless=("nicht", "nie", "niemals", "keine", "ohne", "zurücksetz*", "neues", "vergess*", "ändern", "maskiert"),
            says="Das schreibe ich lieber nicht in einen Chat. Geht es auch anders?",
        ),
        Limit(
            words="Lassen Sie niemanden damit allein: sagen Sie, was Sie tun können, nicht, was Sie nichts angeht.",
            any_of=("nicht mein problem", "nicht zuständig", "selbst schuld", "beruhigen sie sich", "lesen sie die faq"),
        ),
    ),
)

MANNERS: Mapping[str, Manners] = {"en": _ENGLISH, "de": _GERMAN}
"""By language; a script in another one brings its own."""


def manners_of(script: Script) -> Manners:
    """Return the script's own manners, those of its language, or English ones."""
    return script.manners or MANNERS.get(script.language.partition("-")[0], _ENGLISH)
