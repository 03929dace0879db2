"""Does a task climb where there is something to learn, wait where there is too little, and fall when it is gone?"""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oscar_engage.learning.scoring.contributions import contributions
from oscar_engage.learning.scoring.document import Document, read_document, write_document
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.data import BadDataError, Data, read_data, trial_of, write_data
from oscar_engage.learning.training.export import COMPARED, ParityError, check_parity, vector_of
from oscar_engage.learning.training.learn import learn
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.learning.training.propensity import fit_boosted, fit_logistic
from oscar_engage.learning.training.uplift import fit_ensemble
from tests.learning.training.shops import NAMES, NOW_DAYS, SINCE, make_shop

NOW = datetime.fromtimestamp(SINCE, UTC) + timedelta(days=NOW_DAYS + 1)


LATER = NOW + timedelta(days=NOW_DAYS)


def taught(task: str, data: Data, champion: Document | None = None, *, seed: int = 1, now: datetime = NOW) -> Outcome:
    return learn(task, data, champion, seed=seed, now=now)


def document_of(outcome: Outcome) -> Document:
    assert outcome.document is not None
    return outcome.document


@pytest.fixture(scope="module")
def spoken() -> Document:
    return document_of(taught("propensity", make_shop(3000)))


@pytest.fixture(scope="module")
def uplift() -> Outcome:
    return taught("uplift", make_shop(4000, is_trial=True))


def test_learn__too_few_orders__waits_and_says_for_how_many() -> None:
    outcome = taught("propensity", make_shop(60, rate=-4.0))
    assert (outcome.verdict, outcome.why, outcome.rung, outcome.document) == ("waiting", "too_few", "rules", None)
    assert outcome.needs == {"orders": 50 - outcome.counts["orders"], "rung": "logistic"}


def test_learn__a_part_of_the_shop__what_there_is_in_all_is_reckoned() -> None:
    whole, part = (learn("propensity", make_shop(60, rate=-4.0), seed=1, now=NOW, share=share) for share in (1.0, 0.25))
    assert part.counts == {kind: 4 * number for kind, number in whole.counts.items()}
    assert part.needs.get("orders", 0) < whole.needs["orders"]


def test_learn__something_to_find__climbs_onto_the_first_rung_and_names_the_next(spoken: Document) -> None:
    outcome = taught("propensity", make_shop(3000))
    assert (outcome.verdict, outcome.why, outcome.rung) == ("better", "better", "logistic")
    assert outcome.needs == {"visits": 17_000, "rung": "boosted"}
    assert outcome.numbers["auc"] > 0.65
    assert outcome.numbers["ece"] <= 0.02
    assert outcome.curves["learning"][-1][0] > outcome.curves["learning"][0][0]
    assert all(0 <= foretold <= 1 for foretold, _happened, _weight in outcome.curves["calibration"])
    assert (spoken.task, spoken.features, spoken.rung) == ("propensity", NAMES, "logistic")


def test_learn__nothing_to_find__keeps_the_rules() -> None:
    data = make_shop(2000)
    shuffled = np.random.default_rng(3).permutation(data.outcome)
    data = Data(**{**{name: getattr(data, name) for name in data.__slots__}, "outcome": shuffled})
    outcome = taught("propensity", data)
    assert (outcome.verdict, outcome.rung) == ("kept", "rules")


def test_learn__same_rows_and_seed__is_the_same_document_byte_for_byte(spoken: Document) -> None:
    again = document_of(taught("propensity", make_shop(3000)))
    assert write_document(again) == write_document(spoken)


def test_learn__champion_is_as_good__stays(spoken: Document) -> None:
    outcome = taught("propensity", make_shop(3000, seed=2, later=NOW_DAYS), spoken, now=LATER)
    assert (outcome.verdict, outcome.rung) == ("kept", "logistic")


def test_learn__champion_foretells_the_opposite__falls_or_is_replaced(spoken: Document) -> None:
    data = make_shop(3000, seed=2, later=NOW_DAYS)
    turned = Data(**{**{name: getattr(data, name) for name in data.__slots__}, "outcome": 1 - data.outcome})
    assert taught("propensity", turned, spoken, now=LATER).verdict in {"better", "fall"}


def test_learn__evidence_gone__falls_to_the_rules(spoken: Document) -> None:
    outcome = taught("propensity", make_shop(60, rate=-4.0), spoken)
    assert (outcome.verdict, outcome.why, outcome.rung) == ("fall", "evidence_gone", "rules")


def test_learn__rows_of_tomorrow__are_left_out() -> None:
    outcome = learn("propensity", make_shop(3000), seed=1, now=datetime.fromtimestamp(SINCE, UTC))
    assert outcome.counts["visits"] == 0
    assert outcome.verdict == "waiting"


def test_learn__exit__has_a_ladder_of_its_own() -> None:
    outcome = taught("exit", make_shop(3000))
    assert outcome.verdict == "better"
    assert "exits" in outcome.counts


def test_uplift__help_helps_some_and_harms_others__is_found_and_bounded(uplift: Outcome) -> None:
    document = document_of(uplift)
    assert (uplift.verdict, uplift.rung) in {("better", "s_learner"), ("better", "ensemble")}
    say = prepare(document)
    helped, harmed = say((4.0, 1.5, 0.0, None)), say((4.0, -1.5, 0.0, None))
    assert helped.low > 0 > harmed.high
    assert contributions(document, (4.0, 1.5, 0.0, None))[0][0] == "basket"
    assert uplift.curves["qini"][-1][0] == pytest.approx(1.0)


def test_uplift__arms_drawn_anew_by_chance__hardly_ever_speaks() -> None:
    verdicts = [
        taught("uplift", make_shop(1500, seed=seed, is_trial=True, is_permuted=True), seed=seed).verdict for seed in range(8)
    ]
    assert verdicts.count("better") <= 2
    assert set(verdicts) <= {"better", "kept"}


def test_uplift__too_few_in_an_arm__waits() -> None:
    outcome = taught("uplift", make_shop(400, is_trial=True, share=0.9))
    assert outcome.verdict == "waiting"
    assert outcome.needs["rung"] == "s_learner"
    assert outcome.needs["control"] == 100 - outcome.counts["control"]


def test_uplift__rows_without_arms__are_refused() -> None:
    with pytest.raises(BadDataError):
        taught("uplift", make_shop(3000))
    trial = make_shop(10, is_trial=True)
    sure = Data(**{**{name: getattr(trial, name) for name in trial.__slots__}, "chance": np.ones(10)})
    with pytest.raises(BadDataError):
        trial_of(sure)


@pytest.mark.parametrize(
    "fit", [partial(fit_logistic, strength=0.3), partial(fit_boosted, seed=1)], ids=["logistic", "boosted"]
)
def test_export__missing_values_included__says_the_same_to_nine_places(fit: Any) -> None:
    data = make_shop(1200)
    fitted = fit(data)
    document = Document(task="exit", rung="x", schema="s", features=NAMES, model=fitted.model)
    assert check_parity(document, fitted.predict, data.values, seed=1) <= 1e-9
    say = prepare(read_document(write_document(document)))
    rows = data.values[:COMPARED]
    assert [say(vector_of(row)).value for row in rows] == pytest.approx(fitted.predict(rows).tolist(), abs=1e-9)
    with pytest.raises(ParityError):
        check_parity(document, lambda values: fitted.predict(values) + 1e-6, data.values, seed=1)


def run_child(folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "oscar_engage.learning.training", *(more or [str(folder)])]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"OMP_NUM_THREADS": "1", "PATH": ""})


def test_fit__a_column_that_holds_nothing__is_never_asked() -> None:
    data = make_shop(2000, is_trial=True)
    values = data.values.copy()
    values[:, 2] = np.nan
    empty = replace(data, values=values)
    for fitted in (fit_boosted(empty, seed=1), fit_ensemble(empty, seed=1)):
        said = fitted.predict(values)
        values[:, 2] = 5.0
        assert np.array_equal(fitted.predict(values), said)
        values[:, 2] = np.nan


def test_child__a_folder__is_learnt_from_without_django(tmp_path: Path, spoken: Document) -> None:
    write_data(tmp_path, "propensity", make_shop(900))
    (tmp_path / "options.json").write_text(json.dumps({"seed": 4, "now": NOW.isoformat()}))
    (tmp_path / "champion.json").write_text(write_document(spoken))
    done = run_child(tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["verdict"] in {"kept", "better"}
    assert "propensity: 900 rows" in done.stderr


def test_child__nothing_named__says_how(tmp_path: Path) -> None:
    done = run_child(tmp_path, "a", "b")
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_read_data__as_it_was_written__is_the_same(tmp_path: Path) -> None:
    data = make_shop(20, is_trial=True)
    write_data(tmp_path, "uplift", data)
    task, read = read_data(tmp_path)
    assert task == "uplift"
    for name in ("values", "outcome", "weight", "group", "at", "treated", "chance"):
        np.testing.assert_array_equal(getattr(read, name), getattr(data, name))


@pytest.mark.parametrize("change", ["rows", "number"])
def test_read_data__not_what_its_header_promises__is_refused(tmp_path: Path, change: str) -> None:
    data = make_shop(20)
    if change == "number":
        data.outcome[3] = np.nan
    write_data(tmp_path, "propensity", data)
    if change == "rows":
        header = json.loads((tmp_path / "header.json").read_text())
        (tmp_path / "header.json").write_text(json.dumps({**header, "rows": 19}))
    with pytest.raises(BadDataError):
        read_data(tmp_path)
