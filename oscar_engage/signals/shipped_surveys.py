"""The kind about surveys. It says which answer was chosen, never what somebody wrote."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Name, Payload, signal_kind

Score = Annotated[int, Meta(ge=0, le=10)]


@signal_kind("survey.answered")
class SurveyAnswered(Payload, frozen=True):
    """A survey was answered: ``choice`` is the answer's short name, ``score`` the number; own words are not in it."""

    survey: Name
    choice: Name = ""
    score: Score | None = None
