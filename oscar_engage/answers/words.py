"""Which words does a text say? Case, accents and endings taken off, so that what means the same looks the same."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from oscar_engage.answers.distance import distance

LONGEST_TEXT = 4000
"""Characters of a question that are read."""

_IRREGULAR = {
    "sent": "send",
    "bought": "buy",
    "paid": "pay",
    "lost": "lose",
    "broke": "break",
    "broken": "break",
    "came": "come",
    "got": "get",
    "forgot": "forget",
    "forgotten": "forget",
    "chose": "choose",
    "chosen": "choose",
    "wrote": "write",
    "written": "write",
    "spoke": "speak",
    "told": "tell",
    "took": "take",
    "taken": "take",
    "sold": "sell",
    "held": "hold",
    "feet": "foot",
    "worn": "wear",
    "wore": "wear",
    "torn": "tear",
    "kept": "keep",
    "left": "leave",
    "brought": "bring",
}
"""English forms that no ending tells; what comes of them here has its own ending taken off."""

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_FOLDED = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "`": "'",
    }
)
_SHORTEST_STEM = 3
_SHORTEST_HURRIED, _LONGEST_HURRIED = 3, 4
_SHORTEST_WORD = 4

_GERMAN_ENDINGS = ("ungen", "heiten", "keiten", "ern", "ung", "est", "em", "er", "en", "es", "et", "st", "e", "s", "n", "t")
_ENGLISH_ENDINGS = (
    *("ational", "ation", "ement", "ment", "ingly", "edly", "ity", "able"),
    *("ing", "ied", "ed", "er", "or", "ly", "al", "e", "y"),
)

_STOPPED_ENGLISH = """
a able about actually after again all also am an and any anybody anyone are as at be because been before being both but by
can can't cannot cant could did do does doesnt doing don't done dont either else ever few first for from get gets getting
give go goes going got had has have haven't having he hello help her here hey hi him his how i i'd i'll i'm i've id if ill
im in instead into is isn't isnt it it's its ive just keep keeps kept know let like live lot made make me might mine more
most much my myself need no not now of off oh ok on one only or other our ours out over own please pls plz possible put
puts question r really say saying says she should so some something soon still stuff such tell than thank thanks that
that's the their them then there these they thing things this those through to today tomorrow too u under until up us use
very want wanted was wasn't way we were what what's which while who why will with won't wondering would yes yesterday yet
you your yours
"""

_STOPPED_GERMAN = """
aber alle allem allen aller alles als also am an auch auf aus bei beim bekomme bekommen bin bis bitte da dafuer damit
danke dann das dass davon dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch du
durch eben eigentlich ein eine einem einen einer eines er erst es etwas euch euer eure find finde finden frage fuer gar
gehen geht gern gerne gestern gibt gibts ging hab habe haben habt haette hallo halt hat hatte her heute hier hilfe hin ich
ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins irgendwie ist ja jede jeden jeder jetzt kann kannst kein keine
keinen koennen koennt koennte krieg kriege kriegen liegt mach machen macht mal man mein meine meinem meinen meiner meines
mich mir mit moechte moeglich morgen muessen muss nach nicht nichts nix noch nun nur ob oder ohne sage sagen sagt schon
sehr sein seine sich sie sind so soll sollte sonst steht tun ueber um und uns unser unsere viel vom von vor waere war
warum was weil weiss welch welche welchen welcher welches wenn wer werde werden weshalb wie wieder wieso will wir wird
wissen wohl wollte wuerde zu zum zur
"""

_STOPPED = {"en": frozenset(_STOPPED_ENGLISH.split()), "de": frozenset(_STOPPED_GERMAN.split())}
"""Words that say nothing about what a question is about."""


ASKING = frozenset({"where", "when", "long", "many", "wo", "wann", "lange", "viele"})
"""Words by which one asks: they tell a little of what about."""


def fold(text: str) -> str:
    """Return ``text`` in small plain letters: German umlauts as two, other accents gone."""
    plain = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).casefold().translate(_FOLDED)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """Return all words and numbers of ``text``, folded, in their order."""
    return [word.strip("'") for word in _WORD.findall(fold(text))]


def is_stopped(word: str, language: str) -> bool:
    """Whether the folded ``word`` says nothing about what a text is about; a single letter never does."""
    return word in _STOPPED.get(language, ()) or (len(word) < 2 and not word.isdigit())  # noqa: PLR2004 - one letter


def resembles_stopped(word: str, language: str) -> bool:
    """Whether the folded ``word``, which nobody knows, is a short stopped one typed in a hurry: ``wen`` for ``when``."""
    if not _SHORTEST_HURRIED <= len(word) <= _LONGEST_HURRIED:
        return False
    return any(
        len(stopped) >= _SHORTEST_HURRIED and stopped[0] == word[0] and distance(word, stopped, 1) == 1
        for stopped in _STOPPED.get(language, ())
    )


def meant(text: str, language: str) -> Iterator[str]:
    """Yield the words of ``text`` that say what it is about, folded, with their endings."""
    return (word for word in words_of(text) if not is_stopped(word, language))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the folded ``word`` without the endings of its language, never fewer than three letters."""
    if len(word) < _SHORTEST_WORD or not word.isalpha():
        return word.partition("'")[0]
    return _stem_german(word) if language == "de" else _stem_english(_IRREGULAR.get(word, word))


def _stem_german(word: str) -> str:
    if word.startswith("ge") and len(word) > 7 and word[-1] in "tn":  # noqa: PLR2004 - geliefert, gekommen
        word = word[2:]
    for _ending in range(2):
        word = _without(word, _GERMAN_ENDINGS)
    return word.replace("aeu", "au").replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _stem_english(word: str) -> str:
    short = _without(_singular(word), _ENGLISH_ENDINGS)
    if len(short) > _SHORTEST_STEM and short[-1] == short[-2] and short[-1] not in "ls":
        return short[:-1]
    return short


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def _without(word: str, endings: tuple[str, ...]) -> str:
    if not word.endswith(endings):
        return word
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
