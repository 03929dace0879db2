"""Which shoppers can be practised with? Those that come with the package, and a shop's own.

A shop adds its own in ``AppConfig.ready()``::

    from oscar_engage.desk.practice.registry import register_script

    register_script(Script(name="gift-wrap", language="en", ...))
"""

from collections.abc import Sequence

from oscar_engage.core.registry import Registry
from oscar_engage.desk.practice.script import Difficulty, Script, check_script
from oscar_engage.desk.practice.scripts import READY

SCRIPTS: Registry[Script] = Registry("practice script")


def register_script(script: Script) -> Script:
    """Have agents practise with ``script``, too; return it.

    Raises ``InvalidScriptError`` or ``PhraseError`` for one that cannot be answered, ``DuplicateEntryError`` for a second one
    of the same name and language.
    """
    check_script(script)
    return SCRIPTS.register(script.key, script)


def scripts_in(language: str, difficulty: str = "") -> Sequence[Script]:
    """Return the scripts in ``language``; with a ``difficulty``, those that are as hard."""
    hard = Difficulty(difficulty) if difficulty else None
    return [one for one in SCRIPTS if one.language == language and hard in (None, one.difficulty)]


def languages() -> Sequence[str]:
    """Return the languages that there are scripts in, in order."""
    return sorted({one.language for one in SCRIPTS})


for _ready in READY:
    register_script(_ready)
