"""What is wrong, in words? Of a whole file, or of a line: what is wrong there, and what to type instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.analytics.volumes.check import MOST_CONTACTS, MOST_ROWS, Column, Mistake, Wrong
from oscar_engage.analytics.volumes.decode import LARGEST, FileFault, UnreadableError
from oscar_engage.dashboard.templatetags.engage_numbers import number

_LONGEST_SHOWN = 60

_FAULTS: Mapping[FileFault, Any] = {
    FileFault.EMPTY: gettext_lazy("The file is empty. Choose another one."),
    FileFault.TOO_LARGE: gettext_lazy("The file has more than %(largest)s bytes. Split it, by the year for example."),
    FileFault.WORKBOOK: gettext_lazy("This is a workbook of a spreadsheet. Save it there as CSV, and choose that file."),
    FileFault.NOT_TEXT: gettext_lazy("This is no text. Choose a CSV file, as a spreadsheet saves it."),
    FileFault.NO_HEAD: gettext_lazy(
        "The first line has to name the columns: date, channel, topic, contacts, minutes. Missing: %(names)s."
    ),
    FileFault.TWICE: gettext_lazy("The first line names a column twice: %(names)s. Leave one of them out."),
    FileFault.NO_ROWS: gettext_lazy("There is nothing below the first line. Add a line for each day, channel and topic."),
    FileFault.TOO_MANY: gettext_lazy("The file has more than %(most)s lines. Split it, by the year for example."),
}


@dataclass(frozen=True, slots=True)
class SaidMistake:
    """A mistake for people."""

    line: int
    words: str


def say_fault(error: UnreadableError) -> str:
    """Return why a file cannot be read, and what to do."""
    told = {"largest": number(LARGEST), "most": number(MOST_ROWS), "names": ", ".join(error.names)}
    return str(_FAULTS[error.fault]) % told


def say_mistake(mistake: Mistake, topics: Mapping[str, str]) -> SaidMistake:
    """Return the mistake in words; ``topics``: the desk's, by their short names."""
    found = mistake.found if len(mistake.found) <= _LONGEST_SHOWN else mistake.found[: _LONGEST_SHOWN - 1] + "…"
    told = {
        "found": found,
        "column": mistake.column.value if mistake.column else "",
        "line": mistake.hint,
        "most": number(MOST_CONTACTS),
    }
    return SaidMistake(mistake.line, _WORDS[mistake.wrong](mistake, topics) % told)


def _missing(mistake: Mistake, topics: Mapping[str, str]) -> str:
    return {
        Column.DAY: _("There is no date. Type it as 2026-11-30 or 30.11.2026."),
        Column.CHANNEL: _("There is no channel. Type note, chat, mail or call."),
    }.get(mistake.column or Column.CONTACTS, _("There is no number of contacts. Type one, such as 12; 0 if there were none."))


def _no_topic(mistake: Mistake, topics: Mapping[str, str]) -> str:
    if not topics:
        return _(
            "“%(found)s” is no topic: your desk has none yet. Leave the cell empty, or add the topic at “Agents and queues”."
        )
    names = ", ".join(name.replace("%", "%%") for name in topics.values())
    return _("“%(found)s” is no topic of your desk. Leave the cell empty, or type one of these:") + f" {names}."


def _no_number(mistake: Mistake, topics: Mapping[str, str]) -> str:
    if mistake.column is Column.CONTACTS:
        return _("“%(found)s” is no number of contacts. Type digits, such as 12.")
    return _("“%(found)s” is no number of minutes. Type digits, such as 340 or 340,5; leave it empty if it was not measured.")


_WORDS: Mapping[Wrong, Callable[[Mistake, Mapping[str, str]], str]] = {
    Wrong.MISSING: _missing,
    Wrong.NO_DATE: lambda *_about: _(
        "“%(found)s” is no date that can be read without doubt. Type it as 2026-11-30 or 30.11.2026."
    ),
    Wrong.TOO_EARLY: lambda *_about: _("%(found)s is before the year 2000. Type the year with four digits."),
    Wrong.TO_COME: lambda *_about: _("%(found)s is still to come. Type a day up to today."),
    Wrong.NO_CHANNEL: lambda *_about: _("“%(found)s” is no channel. Type note, chat, mail or call."),
    Wrong.NO_TOPIC: _no_topic,
    Wrong.NO_NUMBER: _no_number,
    Wrong.NOT_WHOLE: lambda *_about: _("“%(found)s” is no whole number. Type how many contacts there were, such as 12."),
    Wrong.TOO_MANY: lambda *_about: _("%(found)s in a single line cannot be. Type at most %(most)s contacts."),
    Wrong.AMBIGUOUS: lambda *_about: _(
        "“%(found)s” can be read as a thousand and as a fraction. Type 1234 for the one, 1,23 for the other."
    ),
    Wrong.TWICE: lambda *_about: _("Day, channel and topic are those of line %(line)s. Add both up in one line."),
    Wrong.TOO_LONG: lambda *_about: _(
        "There are more cells than the first line has. Put a text that contains the separator between quotation marks."
    ),
}
