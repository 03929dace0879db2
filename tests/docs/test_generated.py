"""Are the generated pages what the source says today? If not: make docs."""

import re

import pytest
from django.utils.translation import override

from docs.generate import FOLDER, PAGES
from tests.architecture.source import ROOT

LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", PAGES)
def test_generated_page__as_committed__matches_the_source(name):
    with override(None):
        page = PAGES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(FOLDER.glob("*.md"))], ids=lambda p: p.name
)
def test_links__to_files__lead_somewhere(path):
    missing = [target for target in LINK.findall(path.read_text()) if not (path.parent / target).exists()]
    assert [target for target in missing if "images/" not in target] == []


def test_readme__lines_to_add__are_those_the_test_shop_uses():
    readme = (ROOT / "README.md").read_text()
    shop = (ROOT / "tests" / "settings.py").read_text() + (ROOT / "tests" / "urls.py").read_text()
    lines = [line.strip() for line in shop.splitlines() if "oscar_engage." in line or "engage_dashboard" in line]
    lines = [line for line in lines if line.startswith(('"', "path("))]
    assert len(lines) >= 5
    assert [line for line in lines if line not in readme] == []
