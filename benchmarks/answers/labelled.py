"""What is asked, and which article answers it? The sandbox's articles as passages, and the labelled questions."""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import shop
from oscar_engage.answers.passage import Passage

ARTICLES = Path(shop.ROOT) / "sandbox" / "help"
QUESTIONS = Path(shop.ROOT) / "benchmarks" / "answers" / "questions.csv"
OPENED = tuple(Path(shop.ROOT) / "benchmarks" / "answers" / name for name in ("sealed.csv", "sealed2.csv"))
"""What was sealed once and has been measured; constants are fitted on it, too, since then."""

SEALED = Path(shop.ROOT) / "benchmarks" / "answers" / "sealed3.csv"
SEAL = "9a16874e3a50712315a11a92404fb6168689b49da783b6b30aea014064c1a6f5"
"""The SHA-256 of :data:`SEALED`, noted in the commit that froze it, before anything was fitted on what was sealed before."""

LANGUAGES = ("en", "de")

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`>#]|^\s*[-+]\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One labelled question; ``article`` is empty where nothing answers it, ``part``: see ``README.md``."""

    id: str
    language: str
    question: str
    article: str
    kind: str
    topic: str
    part: str


def read_questions() -> list[Question]:
    """Return all questions that constants are fitted on."""
    return [question for path in (QUESTIONS, *OPENED) for question in _read(path)]


def read_sealed() -> list[Question]:
    """Return the questions that nothing is fitted on, without the few that by chance are also among the open ones.

    Raise ``ValueError`` if one of them was changed.
    """
    if hashlib.sha256(SEALED.read_bytes()).hexdigest() != SEAL:
        raise ValueError(f"{SEALED.name} is not what was sealed.")
    known = {one.question.casefold() for one in read_questions()}
    return [one for one in _read(SEALED) if one.question.casefold() not in known]


def _read(path: Path) -> list[Question]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Question(**{name: row[name] for name in Question.__dataclass_fields__}) for row in csv.DictReader(file)]


def read_passages(language: str) -> list[Passage]:
    """Return the sandbox's articles in ``language``, cut at their headings."""
    return [passage for file in sorted((ARTICLES / language).glob("*.md")) for passage in _cut(file, language)]


def _cut(file: Path, language: str) -> Iterator[Passage]:
    head, _blank, body = file.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    heading, lead = "", facts.get("summary", "")
    for number, part in enumerate(re.split(r"^##+\s+", body, flags=re.MULTILINE)):
        text = part
        if number:
            heading, _end, text = part.partition("\n")
        yield Passage(
            article=file.stem,
            language=language,
            title=facts["title"],
            heading=heading.strip(),
            text=_plain(f"{lead}\n\n{text}" if not number else text),
            url=f"/help/{file.stem}/",
            topic=facts.get("topic", ""),
            words=facts.get("words", ""),
            asked="\n".join(one.strip() for one in facts.get("asked", "").split("|")),
        )


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
