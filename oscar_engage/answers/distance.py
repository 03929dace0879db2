"""How far is one word from another? The slips of a hand that lie between them."""


def distance(one: str, other: str, furthest: int) -> int:
    """Return how many letters to change, add, leave out or swap with the next make ``other`` of ``one``.

    More than ``furthest`` are not counted: then it is ``furthest + 1``.
    """
    if abs(len(one) - len(other)) > furthest:
        return furthest + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                steps = min(steps, earlier[j - 2] + 1)
            row.append(steps)
    return min(row[-1], furthest + 1)
