"""Does every keyed digest say by which algorithm? The default of Django changes in 2028, and with it all that is kept."""

import ast

from tests.architecture.source import ROOT


def test_salted_hmac__wherever_it_is_called__names_its_algorithm() -> None:
    calls = [
        (path, call)
        for path in (ROOT / "oscar_engage").rglob("*.py")
        if "salted_hmac" in (text := path.read_text())
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "salted_hmac"
    ]
    silent = [f"{path.name}:{call.lineno}" for path, call in calls if "algorithm" not in {word.arg for word in call.keywords}]

    assert len(calls) > 10
    assert silent == []
