"""Has everything that is counted words on the page of health? Looked for in the code itself, so that a new one is noticed."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import oscar_engage
from oscar_engage.dashboard.health.words import OTHERS, OURS, say_counter, say_ours
from oscar_engage.desk.pages.grammar import Refusal as CopyRefusal
from oscar_engage.reminders.gates import Refusal as MailRefusal
from oscar_engage.sharing.finish import COUNTED
from oscar_engage.sharing.models import Ended
from oscar_engage.signals import counters
from oscar_engage.signals.ingest import Rejection
from tests.storefront.shopping import text_of

HOME = Path(oscar_engage.__file__).parent
REJECTED = [f"rejected:{one.value}" for one in Rejection]
BEGUN, ASKED = (tuple(f"{kind}:{deed}" for kind in COUNTED.values()) for deed in ("begun", "asked"))
ENDED = [f"{kind}:ended_{end.value}" for kind in COUNTED.values() for end in Ended]
# Names that are made while they are counted: the file, what is said there, and the names.
MADE: Mapping[tuple[str, str], str | Sequence[str]] = {
    ("storefront/beat_view.py", "refused:reason"): "storefront/admit.py:reason_to_ignore",
    ("storefront/beat_view.py", "rejected:reason"): REJECTED,
    ("storefront/check.py", "rejected:error.reason"): REJECTED,
    ("storefront/page_copy.py", "refused:f'snapshot_{error.reason.value}'"): [
        f"refused:snapshot_{r.value}" for r in CopyRefusal
    ],
    ("shop/reminder.py", "mail:refusal"): [f"mail:{one.value}" for one in MailRefusal],
    ("sharing/opening.py", "COUNTED[kind]:'asked' if state == LiveState.ASKED else 'begun'"): [*BEGUN, *ASKED],
    ("sharing/opening.py", "COUNTED[LiveKind(session.kind)]:begun"): BEGUN,
    ("sharing/finish.py", "COUNTED[LiveKind(session.kind)]:f'ended_{why}'"): ENDED,
    ("rules/background.py", "fault:self._place"): "place",
    ("signals/sources/receivers.py", "fault:listener.__name__"): [],  # these have words in common
    ("signals/faults.py", "fault:place"): [],  # of its callers
}


def read(path: str) -> ast.Module:
    return ast.parse((HOME / path).read_text())


def is_counting(tree: ast.Module) -> bool:
    """Whether ``count`` is that of the counters: others count, too."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any(
        node.module == "oscar_engage.signals.counters" and "count" in {one.name for one in node.names} for node in imports
    )


def said(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def calls() -> Iterator[tuple[str, str, bool]]:
    """Yield the file, the counter as it is said there, and whether that is its name."""
    for path in sorted(HOME.rglob("*.py")):
        file, tree = str(path.relative_to(HOME)), ast.parse(path.read_text())
        names = {"note_fault", *(["count"] if is_counting(tree) else [])}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                parts = [ast.Constant("fault"), *node.args] if node.func.id == "note_fault" else node.args
                yield file, ":".join(map(said, parts)), all(isinstance(part, ast.Constant) for part in parts)


def returned(path: str, function: str) -> list[str]:
    (found,) = (node for node in ast.walk(read(path)) if isinstance(node, ast.FunctionDef) and node.name == function)
    values = [node.value for node in ast.walk(found) if isinstance(node, ast.Return)]
    return [str(value.value) for value in values if isinstance(value, ast.Constant) and value.value is not None]


def places() -> list[str]:
    found = (
        node for path in HOME.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    )
    named = (node for node in found if isinstance(node.func, ast.Name) and node.func.id == "Background")
    return [f"fault:{said(word.value)}" for node in named for word in node.keywords if word.arg == "place"]


def counted() -> Iterator[str]:
    for file, name, is_name in calls():
        made = [name] if is_name else MADE[file, name]
        if made == "place":
            yield from places()
        elif isinstance(made, str):
            yield from (f"refused:{reason}" for reason in returned(*made.split(":")))
        else:
            yield from made
    yield counters._OTHER


def test_counters__all_that_can_be_counted__have_words_of_their_own() -> None:
    names = set(counted())
    assert {"refused:robot", "refused:snapshot_too_deep", "fault:models", "mail:ordered", "skipped:model"} <= names
    assert len(names) > 80
    assert [name for name in sorted(names) if name not in OURS and name not in OTHERS] == []
    assert sorted({*OURS, *OTHERS} - names) == []
    assert not OURS.keys() & OTHERS.keys()
    assert all(say_counter(name).endswith(".") for name in names)


def test_counters__of_what_others_did__are_no_problem_of_ours() -> None:
    assert [name for name in OTHERS if say_ours(name)] == []
    assert say_ours("fault:line_was_added") == "A part of ours failed: fault:line_was_added."


@pytest.mark.django_db
def test_health__browser_run_by_a_program__is_counted_in_words(
    client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "_tallies", {})
    counters.count("refused", "robot")
    counters.count("refused", "of_a_shop's_own")
    page = text_of(client_of("superuser").get(reverse("engage_dashboard:engage-health")))
    assert "Browsers that are run by programs were left out (DRIVEN_BROWSERS)" in page
    assert '<code class="engage-small">refused:robot</code>' in page
    assert "refused:of_a_shop" in page
