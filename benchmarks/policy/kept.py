"""What was measured so far? A file that a run goes on from: on a slow machine the comparison takes more than one sitting."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.policy.shop import Judged, Taught, Won


@dataclass(slots=True)
class Kept:
    """By shop what it learnt, and the days judged; a shop that is there is not lived through again."""

    taught: dict[int, Taught] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)

    @classmethod
    def read(cls, name: str) -> "Kept":
        """Return what stands in the file, if there is one."""
        if not name or not Path(name).exists():
            return cls()
        raw = json.loads(Path(name).read_text(encoding="utf-8"))
        taught = {
            int(shop): Taught(one["drawn"], {float(effects): said for effects, said in one["verdicts"].items()}, {})
            for shop, one in raw["taught"].items()
        }
        judged = [
            Judged(one["shop"], one["day"], {(float(effects), name): Won(**won) for effects, name, won in one["won"]})
            for one in raw["judged"]
        ]
        return cls(taught, judged)

    def write(self, name: str) -> None:
        """Write all of it; an empty name: keep nothing."""
        if not name:
            return
        raw = {
            "taught": {shop: {"drawn": one.drawn, "verdicts": dict(one.verdicts)} for shop, one in self.taught.items()},
            "judged": [
                {
                    "shop": one.shop,
                    "day": one.day,
                    "won": [[effects, name, asdict(won)] for (effects, name), won in one.won.items()],
                }
                for one in self.judged
            ],
        }
        Path(name).write_text(json.dumps(raw), encoding="utf-8")
