"""Which index answers now? One for each language, kept in the process and built anew beside the requests.

Every few seconds, while questions come, a thread asks the sources for their versions and builds what has changed; until it is
done the old index answers. In the first moment of a process there is none: :func:`warm` asks for it before it is needed, and
:func:`wait_until_read` gives the thread a moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from django.core.signals import setting_changed

from oscar_engage.answers.confidence import Suggestion, suggest
from oscar_engage.answers.elsewhere import USUAL as ELSEWHERE
from oscar_engage.answers.index import Index, build_index
from oscar_engage.answers.rank import rank
from oscar_engage.answers.sources import SOURCES, Source
from oscar_engage.answers.synonyms import USUAL, Groups
from oscar_engage.conf import get_settings
from oscar_engage.rules.background import Background
from oscar_engage.signals.faults import note_fault

FRESH_FOR = timedelta(seconds=3)
"""How long an index is taken as it is."""

MOST_LANGUAGES = 12
"""Languages that are kept; a shop has fewer, a hostile client might name more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    versions: tuple[str, ...]
    index: Index
    checked_at: datetime


MOST_WAITED = timedelta(seconds=0.5)
"""How long a request waits for the first index of a process; some hundred articles take less."""


_kept: dict[str, _Kept] = {}
_wanted: set[str] = set()
_tried = Event()
"""Whether what was wanted last has been read, or could not be: nobody waits for it again."""


def find(question: str, *, language: str, now: datetime) -> Suggestion | None:
    """Return what answers ``question`` with enough confidence; ``None``: nothing does, or nothing is read yet."""
    kept = _warmed(language, now)
    return None if kept is None else suggest(rank(kept.index, question))


def warm(language: str, *, now: datetime) -> None:
    """Have the index of ``language`` read, because a question will come."""
    _warmed(language, now)


def wait_until_read(language: str, *, now: datetime) -> bool:
    """Return whether ``language`` has been read, after at most :data:`MOST_WAITED`; without sources there is nothing to read.

    ``False``: that nothing is found says nothing yet. Once reading has failed nobody waits.
    """
    if len(SOURCES) and _warmed(language, now) is None:
        _tried.wait(MOST_WAITED.total_seconds())
    return not len(SOURCES) or language.partition("-")[0] in _kept


def forget_answers() -> None:
    """Be as a process that has just begun; between tests, and when the settings change."""
    _kept.clear()
    _wanted.clear()
    _tried.clear()


def _warmed(language: str, now: datetime) -> _Kept | None:
    code = language.partition("-")[0]
    kept = _kept.get(code)
    if len(SOURCES) and (kept is None or abs(now - kept.checked_at) >= FRESH_FOR) and _may_keep(code):
        if code not in _wanted:
            _tried.clear()
        _wanted.add(code)
        BACKGROUND.ask(now)
    return _kept.get(code)


def _may_keep(code: str) -> bool:
    return code in _wanted or len(_wanted) < MOST_LANGUAGES


def _refresh(now: datetime) -> None:
    """Build the index of each language that was asked for and whose sources have changed."""
    try:
        _read_wanted(now)
    finally:
        _tried.set()


def _read_wanted(now: datetime) -> None:
    sources = [source for source in SOURCES if _version(source) is not None]
    versions = tuple(f"{source.name}:{_version(source)}" for source in sources)
    for code in sorted(_wanted):
        kept = _kept.get(code)
        index = kept.index if kept is not None and kept.versions == versions else _build(code, sources)
        _kept[code] = _Kept(versions=versions, index=index, checked_at=now)


def _version(source: Source) -> str | None:
    """Return the version, or ``None`` of a source that fails: the others go on."""
    try:
        return source.version()
    except Exception:  # noqa: BLE001 - a source may be the shop's own code
        note_fault("answers")
        return None


def _build(code: str, sources: Sequence[Source]) -> Index:
    passages = [passage for source in sources for passage in source.read(code)]
    return build_index(passages, language=code, groups=_groups(code), elsewhere=ELSEWHERE.get(code))


def _groups(code: str) -> Groups:
    of_shop = dict(get_settings().answer_synonyms).get(code, ())
    return [*USUAL.get(code, ()), *(tuple(group) for group in of_shop)]


BACKGROUND = Background(_refresh, place="answers")
"""Builds the indexes of this process."""


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OSCAR_ENGAGE":
        forget_answers()


setting_changed.connect(_forget, dispatch_uid="engage-answers")
