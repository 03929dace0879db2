"""Which questions ask the same? Grouped by the stems they share; plain and cheap, so that a page can do it as it is opened."""

from collections import defaultdict
from collections.abc import Sequence

from oscar_engage.answers.words import meant, stem

ALIKE = 0.5
"""Share of stems that two texts have in common, of all that they have, from which on they count as the same."""


def group_alike(texts: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return groups of numbers of ``texts`` (text and language code), the biggest first; each number is in one group.

    A text joins the group whose first text it is most like, else begins one: what comes first gives a group its meaning. Texts
    without a word that says anything are only like those that say the same letters.
    """
    groups: list[list[int]] = []
    firsts: list[frozenset[str]] = []
    groups_with: defaultdict[str, list[int]] = defaultdict(list)
    for number, (text, language) in enumerate(texts):
        stems = _stems(text, language)
        best = _most_alike(stems, firsts, groups_with)
        if best is None:
            for one in stems:
                groups_with[one].append(len(groups))
            firsts.append(stems)
            groups.append([number])
        else:
            groups[best].append(number)
    return sorted(groups, key=len, reverse=True)


def _stems(text: str, language: str) -> frozenset[str]:
    code = language.partition("-")[0]
    return frozenset(stem(word, code) for word in meant(text, code)) or frozenset({f"={text.strip().casefold()}"})


def _most_alike(
    stems: frozenset[str], firsts: Sequence[frozenset[str]], groups_with: defaultdict[str, list[int]]
) -> int | None:
    shared: defaultdict[int, int] = defaultdict(int)
    for one in stems:
        for group in groups_with.get(one, ()):
            shared[group] += 1
    likeness = {group: number / len(stems | firsts[group]) for group, number in shared.items()}
    best = max(likeness, key=lambda group: (likeness[group], -group), default=None)
    return best if best is not None and likeness[best] >= ALIKE else None
