"""Which rows are there, and which tests carry them? Read from ``rows.toml`` and from the sources of the tests."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROWS = Path(__file__).with_name("rows.toml")


def read_rows() -> dict[str, dict[str, str]]:
    """Return every row by its id: ``what`` happens, and for some the part of the product that it ``waits_for``."""
    return tomllib.loads(ROWS.read_text(encoding="utf-8"))


def marks_in_suite() -> dict[str, list[str]]:
    """Return the names of the tests that carry each id; nothing is imported for it."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, ids in marked_tests(path.read_text(encoding="utf-8")):
            for row in ids:
                found.setdefault(row, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


def marked_tests(source: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each test of ``source`` with the ids of its marks; a mark on anything but a test raises ``ValueError``."""
    if "mark.attack" not in source:
        return
    tree = ast.parse(source)
    on_tests = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = [mark for decorator in node.decorator_list for mark in _marks(decorator)]
            on_tests += len(marks)
            if marks:
                yield node.name, [row for mark in marks for row in _ids(mark)]
    if on_tests != sum(1 for _ in _marks(tree)):
        raise ValueError("A mark stands on something that is no test.")


def _marks(node: ast.AST) -> Iterable[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and _is_mark(inner.func))


def _is_mark(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "attack" and ast.unparse(function.value).endswith("mark")


def _ids(mark: ast.Call) -> list[str]:
    ids = [argument.value for argument in mark.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
    if len(ids) != len(mark.args) or not ids or mark.keywords:
        raise ValueError(f"A mark names its rows in plain letters: {ast.unparse(mark)}")
    return ids
