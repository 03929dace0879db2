"""Is anything used that has hurt others? Each list of exceptions is short and says why."""

import ast
import re
from collections import Counter

import pytest

from tests.architecture.source import calls, modules, relative, templates, tree

RUN_TEXT_AS_CODE = {"eval", "exec", "compile", "pickle.loads", "pickle.load", "yaml.load", "yaml.unsafe_load", "marshal.loads"}
TRUST_TEXT_AS_HTML = {"mark_safe", "SafeString", "SafeText"}

REVIEWED_HTML = {
    "dashboard/engagements/preview.py": "what the widget's own template rendered, with everything in it escaped there",
    "desk/pages/read.py": "the copy of a shopper's page: stripped before it was kept, answered under a policy of its own",
    "storefront/nonce.py": "tags of ours, escaped when they were built, with the page's nonce, escaped there",
    "storefront/preview.py": "the same, for a draft on a page of the shop",
}
"""Modules that may declare text to be HTML, with the reason."""

STAFF_ONLY: dict[str, str] = {
    "storefront/flush.py": "staff who browse the shop are not counted; nobody is let in by it",
    "visitors/observe.py": "the same mark, on the visitor",
    "analytics/lift/units.py": "the same mark, read: whom reports leave out",
    "visitors/models.py": "the same, beside the other mark of who is no shopper",
    "dashboard/visits/listing.py": "the same mark, read: whom the list of running visits leaves out",
    "dashboard/visits/watch.py": "the same, said to whoever watches such a visit",
    "storefront/preview.py": "who looks at a draft on the shop's pages, beside the permission and the signature for one user",
    "privacy/withdraw.py": "the same mark, kept when a visitor is forgotten",
    "privacy/purge.py": "the same",
    "reminders/plan.py": "the same mark, read: staff get no mails about baskets",
    "shop/reminder.py": "the same, when the mail is about to go",
    "api/access.py": "a key of somebody who left the staff opens nothing; its scopes and permissions are asked beside",
    "visitors/personal.py": "the same, handed on to the id under which reports count on",
}
"""Modules that may look at ``is_staff``, with the reason."""

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|\bhref\s*=\s*[\"']\s*javascript:", re.IGNORECASE
)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.DOTALL)


def used(path, names):
    return [f"{relative(path)}:{call.lineno} {name}" for name, call in calls(path) if name in names]


@pytest.mark.attack("E08")
def test_source__all_modules__never_runs_text_as_code():
    assert [line for path in modules() for line in used(path, RUN_TEXT_AS_CODE)] == []


def test_source__all_modules__declares_text_to_be_html_only_where_reviewed():
    found = {relative(path) for path in modules() for name, _ in calls(path) if name.rpartition(".")[2] in TRUST_TEXT_AS_HTML}
    assert found - set(REVIEWED_HTML) == set()


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_templates__all__let_django_escape(path):
    assert not re.search(r"\|\s*safe\b|{%\s*autoescape\s+off", path.read_text())


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_templates__all__carry_no_inline_script_style_or_handler(path):
    assert INLINE.findall(COMMENT.sub("", path.read_text())) == []


@pytest.mark.attack("L07")
def test_source__all_modules__never_enqueues_inside_the_shops_commit():
    # With the broker down, djhuey's on_commit_task gives the buyer a 500 after the order was saved.
    assert [relative(path) for path in modules() if "on_commit_task" in names(path)] == []


def names(path):
    nodes = list(ast.walk(tree(path)))
    imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return imported | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@pytest.mark.attack("L07")
def test_on_commit__every_call__is_robust():
    fragile = [
        f"{relative(path)}:{call.lineno}"
        for path in modules()
        for name, call in calls(path)
        if name.rpartition(".")[2] == "on_commit" and not is_robust(call)
    ]
    assert fragile == [], "a callback that raises would lose the shop's own callbacks after it"


def is_robust(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    robust = given.get("robust")
    return isinstance(robust, ast.Constant) and robust.value is True


@pytest.mark.attack("B15")
def test_conversations__seen_by_staff__need_a_permission_not_just_the_staff_flag():
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "is_staff")
        or (isinstance(node, ast.Constant) and node.value == "is_staff")
    }
    assert found - set(STAFF_ONLY) == set()


@pytest.mark.attack("C12")
def test_chance__all_modules__comes_from_hashes_or_secrets():
    imported = Counter(
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names)
    )
    made_up = {name for name in imported if name.startswith("simulation/world/")}  # shoppers who are none, from a seed
    assert set(imported) == made_up


@pytest.mark.attack("F03")
def test_text_formatting__all_modules__never_formats_stored_text():
    """``text.format(...)`` on anything but a literal lets a stored text walk through attributes."""
    found = [
        f"{relative(path)}:{call.lineno}"
        for path in modules()
        for _, call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"format", "format_map"}
        and not isinstance(call.func.value, ast.Constant)
    ]
    assert found == []
