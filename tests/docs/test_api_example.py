"""Does the code of docs/api.md ask as it should, and does its table name every address with its scope?"""

import json
import re
from typing import Any

from docs.generate import FOLDER
from oscar_engage.api.urls import urlpatterns
from oscar_engage.keys.store import SCOPES

PAGE = (FOLDER / "api.md").read_text()
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_example__its_requests__carry_the_key() -> None:
    names: dict[str, Any] = {}
    for block in BLOCK.findall(PAGE):
        exec(block, names)  # noqa: S102 - the page's own code
    read = names["request_with"]("eng_x", "https://shop.example/engage-api/v1/rules/")
    assert (read.get_method(), read.headers["Authorization"]) == ("GET", "Bearer eng_x")
    written = names["request_with"]("eng_x", "https://shop.example/engage-api/v1/signals/", {"kind": "crm.tier_changed"})
    assert (written.get_method(), json.loads(written.data)) == ("POST", {"kind": "crm.tier_changed"})


def test_table__every_method__stands_there_with_its_scope() -> None:
    rows = re.findall(r"^\| `(GET|POST) (\S+)` \| `([a-z:]+)`", PAGE, re.MULTILINE)
    needed = []
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None)
        for method, (scope, _permissions) in (view.needs if view else {}).items():
            path = re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{pattern.pattern}")
            needed.append((method, scope, path.rstrip("/").rpartition("/")[2]))
    assert sorted((method, scope, path.rstrip("/").rpartition("/")[2]) for method, path, scope in rows) == sorted(needed)
    assert all(f"`{scope}`" in PAGE for scope in SCOPES)
