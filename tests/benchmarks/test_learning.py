"""Does the benchmark of learning say what is missing, and are its made-up worlds what it takes them for?"""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.learning.__main__ import main
from benchmarks.learning.permuted import deal_anew
from benchmarks.learning.tables import HILLSTROM, UCI
from benchmarks.learning.worlds import WORLDS, make_world
from oscar_engage.learning.training.data import trial_of


@pytest.mark.parametrize(("part", "source"), [("uci", UCI), ("hillstrom", HILLSTROM)])
def test_main__table_missing__says_which_and_where_it_comes_from(
    part: str, source: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.learning.hillstrom.ensure_peers", list)  # nothing is installed by a test
    assert main(["--only", part, "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert f"{source.name} is missing. It comes from: {source.origin}" in said  # type: ignore[attr-defined]  # a Source
    assert "ENGAGE_LEARNING_DATA" in said


def test_main__another_file_of_that_name__is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / UCI.name).write_text("Month,Revenue\nFeb,TRUE\n")
    assert main(["--only", "uci", "--data", str(tmp_path)]) == 1
    assert "another file" in capsys.readouterr().out


def test_main__no_such_part__says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "weather"]) == 2
    assert "uci, hillstrom, permuted, bounds, parity" in capsys.readouterr().out


@pytest.mark.parametrize("kind", WORLDS)
def test_make_world__its_truth__is_what_the_arms_show(kind: str) -> None:
    world = make_world(kind, 60_000, seed=3, most_rows=1)
    treated, outcome = trial_of(world.data).treated, world.data.outcome
    seen = outcome[treated == 1].mean() - outcome[treated == 0].mean()
    assert seen == pytest.approx(world.effect.mean(), abs=4 * np.sqrt(0.25 / 15_000))


def test_deal_anew__rows_of_a_visitor__keep_one_arm() -> None:
    data = make_world("flat", 500, seed=1).data
    dealt = deal_anew(data, seed=1)
    arms = {(group, arm) for group, arm in zip(dealt.group, trial_of(dealt).treated, strict=True)}
    assert len(arms) == 500
    assert not np.array_equal(trial_of(dealt).treated, trial_of(data).treated)
