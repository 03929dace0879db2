"""How is one task learnt in a process of its own? ``python -m oscar_engage.learning.training FOLDER``.

Reads ``header.json``, ``rows.f64``, ``options.json`` (seed, now) and, if there is one, ``champion.json``; writes
``result.json`` at once or not at all. Knows no Django and no database. Progress goes to stderr.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from oscar_engage.learning.scoring.document import read_document
from oscar_engage.learning.training.data import read_data
from oscar_engage.learning.training.learn import learn


def main(arguments: list[str]) -> int:
    """Learn from a folder; 2 if none was named."""
    if len(arguments) != 1:
        _say("usage: python -m oscar_engage.learning.training FOLDER")
        return 2
    folder = Path(arguments[0])
    task, data = read_data(folder)
    options = json.loads((folder / "options.json").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(options["now"])
    champion = folder / "champion.json"
    speaking = read_document(champion.read_text(encoding="utf-8")) if champion.exists() else None
    _say(f"{task}: {len(data)} rows")
    outcome = learn(task, data, speaking, seed=int(options["seed"]), now=now if now.tzinfo else now.replace(tzinfo=UTC))
    _say(f"{task}: {outcome.verdict} ({outcome.why}), {outcome.rung}")
    draft = folder / "result.json.draft"
    draft.write_text(json.dumps(outcome.as_json()), encoding="utf-8")
    os.replace(draft, folder / "result.json")  # noqa: PTH105 - the one that is atomic by contract
    return 0


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
