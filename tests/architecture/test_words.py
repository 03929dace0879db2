"""Are all words where they are collected for translation?"""

import ast

from tests.architecture.source import modules, relative, tree

TRANSLATES = {"_", "gettext", "ngettext", "pgettext"}


def test_words__within_an_f_string__are_nowhere() -> None:
    # xgettext reads a whole f-string as one text, so that words in it stay English without any sign
    hidden = [
        f"{relative(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in TRANSLATES
    ]
    assert hidden == []
