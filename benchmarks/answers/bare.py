"""What does the database find by itself? SQLite's FTS5 with its BM25 over the same passages, in the same run."""

import re
import sqlite3
from collections.abc import Sequence

from oscar_engage.answers.passage import Passage

_WORD = re.compile(r"\w+")


class BareSearch:
    """Full-text search as set up in an afternoon: porter stems for English, accents folded, words joined by OR."""

    def __init__(self, passages: Sequence[Passage], language: str) -> None:
        self._passages = passages
        self._database = sqlite3.connect(":memory:")
        stems = "porter unicode61 remove_diacritics 2" if language == "en" else "unicode61 remove_diacritics 2"
        self._database.execute(f"CREATE VIRTUAL TABLE help USING fts5(title, heading, words, text, tokenize = '{stems}')")
        rows = ((number, one.title, one.heading, one.words, one.text) for number, one in enumerate(passages, 1))
        self._database.executemany("INSERT INTO help (rowid, title, heading, words, text) VALUES (?, ?, ?, ?, ?)", rows)

    def find(self, question: str) -> list[str]:
        """Return the articles found, the best first, each once."""
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(question))
        if not words:
            return []
        rows = self._database.execute("SELECT rowid FROM help WHERE help MATCH ? ORDER BY rank LIMIT 20", (words,))
        return list(dict.fromkeys(self._passages[number - 1].article for (number,) in rows))
