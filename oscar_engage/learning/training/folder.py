"""How is one task learnt from a folder? Its files in, ``result.json`` out: written at once or not at all."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from oscar_engage.learning.scoring.document import read_document
from oscar_engage.learning.training.data import read_data
from oscar_engage.learning.training.learn import learn


def learn_folder(folder: Path, *, say: Callable[[str], None] = lambda _words: None) -> None:
    """Learn from ``header.json``, ``rows.f64``, ``options.json`` (seed, now, share) and, if there is one, ``champion.json``."""
    task, data = read_data(folder)
    options = json.loads((folder / "options.json").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(options["now"])
    champion = folder / "champion.json"
    speaking = read_document(champion.read_text(encoding="utf-8")) if champion.exists() else None
    say(f"{task}: {len(data)} rows")
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    outcome = learn(task, data, speaking, seed=int(options["seed"]), now=now, share=float(options.get("share", 1)))
    say(f"{task}: {outcome.verdict} ({outcome.why}), {outcome.rung}")
    draft = folder / "result.json.draft"
    draft.write_text(json.dumps(outcome.as_json()), encoding="utf-8")
    os.replace(draft, folder / "result.json")  # noqa: PTH105 - the one that is atomic by contract
