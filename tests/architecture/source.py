"""What is in the package's source? Paths, syntax trees and templates for the tests in this folder."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "oscar_engage"


@cache
def modules() -> tuple[Path, ...]:
    """Return every module of the package but the migrations."""
    return tuple(path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def templates() -> tuple[Path, ...]:
    """Return every template of the package."""
    return tuple(sorted(PACKAGE.rglob("templates/**/*.html")))


def relative(path: Path) -> str:
    """Return the path as people write it: from the package's folder."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    """Return every call in a module with the dotted name it is made by."""
    return tuple((ast.unparse(node.func), node) for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
