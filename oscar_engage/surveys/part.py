"""What of a survey is drafted and published with its engagement? Its kind, its words in every language, how often it asks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.surveys.models import OTHER, Survey, SurveyKind, survey_of
from oscar_engage.widgets.languages import language_name
from oscar_engage.widgets.life.parts import PARTS, Part, Said
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import own_language

FEWEST_CHOICES, MOST_CHOICES = 2, 8
LONGEST_KEY, LONGEST_LABEL = 40, 60
LONGEST = {"question": 80, "low": 40, "high": 40, "thanks": 200}
"""Characters of each text, at most."""

MOST_DAYS = 3650
KEY = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
"""The short name of a choice."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_MOST_LANGUAGES = 40


class SurveyPart(Part):
    """The columns of :class:`~oscar_engage.surveys.models.Survey`."""

    def read(self, engagement: Engagement) -> Said:
        """Return what the stored survey asks."""
        return part_of(survey_of(engagement))

    def keep(self, engagement: Engagement, said: Said) -> None:
        """Write it; the answers that were given stay."""
        Survey.objects.update_or_create(engagement=engagement, defaults=said)

    def places(self, engagement_title: str, said: Said) -> Iterator[tuple[str, str]]:
        """Give what is asked, and how, by the names that the form gives it."""
        yield _("answered by"), str(dict(SurveyKind.choices).get(said["kind"], said["kind"]))
        yield _("“Something else”, with own words"), _("yes") if said["has_other"] else _("no")
        yield _("days until the same shopper is asked again"), str(said["wait_days"])
        words: Mapping[str, Mapping[str, Any]] = said["words"]
        own = own_language()
        for code in sorted({own, *words}, key=lambda code: (code != own, code)):
            told = {**words.get(code, {}), **({"question": engagement_title} if code == own else {})}
            told["choices"] = "\n".join(f"{key} = {label}" for key, label in told.get("choices", ()))
            for name, label in _labels().items():
                yield label % {"language": language_name(code)}, str(told.get(name, ""))

    def languages(self, said: Said) -> Iterable[str]:
        """Give those with a question of their own."""
        return [code for code, words in said["words"].items() if words.get("question") and code != own_language()]

    def check(self, said: Mapping[str, Any]) -> Said | None:
        """Return the survey if its shape is one and its texts fit."""
        kind, has_other, days, words = (said.get(name) for name in ("kind", "has_other", "wait_days", "words"))
        is_right = (
            set(said) == {"kind", "has_other", "wait_days", "words"}
            and kind in SurveyKind.values
            and isinstance(has_other, bool)
            and isinstance(days, int)
            and not isinstance(days, bool)
            and 0 <= days <= MOST_DAYS
            and isinstance(words, Mapping)
            and len(words) <= _MOST_LANGUAGES
            and all(_LANGUAGE.fullmatch(code) and _are_words(told) for code, told in words.items())
        )
        return {"kind": kind, "has_other": has_other, "wait_days": days, "words": words} if is_right else None


def part_of(survey: Survey) -> Said:
    """Return ``survey`` as its versions hold it."""
    return {
        "kind": str(survey.kind),
        "words": survey.words,
        "has_other": survey.has_other,
        "wait_days": survey.wait_days,
    }


def _labels() -> Mapping[str, str]:
    return {
        "question": _("Question: %(language)s"),
        "choices": _("Answers: %(language)s"),
        "low": _("What the lowest score means: %(language)s"),
        "high": _("What the highest score means: %(language)s"),
        "thanks": _("Thanks: %(language)s"),
    }


def _are_words(told: object) -> bool:
    if not isinstance(told, Mapping) or not set(told) <= {"choices", *LONGEST}:
        return False
    texts = all(isinstance(told.get(name, ""), str) and len(told.get(name, "")) <= most for name, most in LONGEST.items())
    choices = told.get("choices", [])
    if not isinstance(choices, list) or len(choices) > MOST_CHOICES or not all(_is_choice(one) for one in choices):
        return False
    return texts and len({key for key, _label in choices}) == len(choices)


def _is_choice(one: object) -> bool:
    if not isinstance(one, list) or len(one) != 2 or not all(isinstance(text, str) for text in one):  # noqa: PLR2004 - a pair
        return False
    key, label = one
    return bool(KEY.fullmatch(key)) and key != OTHER and len(key) <= LONGEST_KEY and 0 < len(label) <= LONGEST_LABEL


PARTS.register("survey", SurveyPart())
