"""How is one task learnt in a process of its own? ``python -m oscar_engage.learning.training FOLDER``.

Reads and writes what ``folder`` says. Knows no Django and no database. Progress goes to stderr.
"""

import sys
from pathlib import Path

from oscar_engage.learning.training.folder import learn_folder


def main(arguments: list[str]) -> int:
    """Learn from a folder; 2 if none was named."""
    if len(arguments) != 1:
        _say("usage: python -m oscar_engage.learning.training FOLDER")
        return 2
    learn_folder(Path(arguments[0]), say=_say)
    return 0


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
