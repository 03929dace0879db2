"""What of a hostile recording is left? Nothing that runs, fetches or tells a secret; of an honest one, its looks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.sharing.strip import DEEPEST, MOST_NODES, TooManyNodesError, has_snapshot, strip_events

BASES = ("/static/", "/media/")
PAN = "4111 1111 1111 1111"


def element(tag: str, attributes: dict[str, Any] | None = None, *children: Any, number: int = 5, **more: Any) -> dict[str, Any]:
    return {"type": 2, "tagName": tag, "attributes": attributes or {}, "childNodes": list(children), "id": number, **more}


def text(words: str, number: int = 6) -> dict[str, Any]:
    return {"type": 3, "textContent": words, "id": number}


def snapshot(*nodes: Any) -> dict[str, Any]:
    document = {"type": 0, "childNodes": [{"type": 1, "name": "html", "id": 2}, element("html", {}, *nodes, number=3)], "id": 1}
    return {"type": 2, "data": {"node": document, "initialOffset": {"top": 3, "left": 0}}, "timestamp": 1}


def change(source: int, **data: Any) -> dict[str, Any]:
    return {"type": 3, "data": {"source": source, **data}, "timestamp": 2}


def mutation(**data: Any) -> dict[str, Any]:
    return change(0, **{"texts": [], "attributes": [], "removes": [], "adds": [], **data})


def strip(*events: Any) -> list[dict[str, Any]]:
    return strip_events(events, BASES)


def body_of(*nodes: Any) -> list[Any]:
    (event,) = strip(snapshot(*nodes))
    html = event["data"]["node"]["childNodes"][1]
    return list(html["childNodes"])


def test_honest_page__comes_through_as_it_looks() -> None:
    nodes = [
        element("link", {"rel": "stylesheet", "href": "/static/shop.css"}),
        element("style", {"_cssText": "p { color: red }"}),
        element("p", {"class": "price", "style": "color: red", "data-x": "1", "lang": "en"}, text("£ 10.00 (new)")),
        element("img", {"src": "/media/tent.jpg", "alt": "A tent", "width": "40"}),
        element("a", {"href": "/catalogue/?token=1"}, text("More")),
        element("svg", {"viewBox": "0 0 1 1"}, element("path", {"d": "M0 0h1"}, isSVG=True), isSVG=True),
        element("div", {"class": "box", "rr_width": "10px", "rr_height": "5.5px"}, text("never"), needBlock=True),
        element("details", {"open": True}),
    ]
    link, style, p, img, a, svg, blocked, details = body_of(*nodes)
    assert link["attributes"] == {"rel": "stylesheet", "href": "/static/shop.css"}
    assert style["attributes"] == {"_cssText": "p { color: red }"}
    assert p["attributes"] == {"class": "price", "style": "color: red", "lang": "en"}
    assert p["childNodes"][0]["textContent"] == "£ 10.00 (new)"
    assert img["attributes"] == {"src": "/media/tent.jpg", "alt": "A tent", "width": "40"}
    assert a["attributes"] == {"href": "#"}
    assert svg["childNodes"][0]["attributes"] == {"d": "M0 0h1"}
    assert (blocked["childNodes"], blocked["attributes"]["rr_height"], blocked["needBlock"]) == ([], "5.5px", True)
    assert details["attributes"] == {"open": ""}


@pytest.mark.attack("A10")
def test_a10__what_runs_or_loads__is_an_empty_box() -> None:
    tags = ["script", "noscript", "iframe", "object", "embed", "template", "canvas", "video", "math", "base", "meta", "title"]
    for tag in tags:
        (node,) = body_of(element(tag, {"src": "/static/x.js", "srcdoc": "<p>", "content": "0;url=//evil"}, text("alert(1)")))
        assert node["tagName"] in {"span", "div"}, tag
        assert node["childNodes"] == []
        assert not {"srcdoc", "content", "src"} & node["attributes"].keys()
    (unknown,) = body_of(element("x-widget", {"onclick": "alert(1)"}, text("seen")))
    assert (unknown["tagName"], unknown["attributes"], unknown["childNodes"][0]["textContent"]) == ("div", {}, "seen")
    (foreign,) = body_of(element("foreignObject", {}, isSVG=True))
    assert foreign["tagName"] == "div"


@pytest.mark.attack("A10")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("onerror", "alert(1)"),
        ("hx-get", "/"),
        ("srcset", "/media/a.jpg 1x"),
        ("href", "javascript:alert(1)"),
        ("src", "data:text/html,x"),
        ("src", "//evil.example/t.gif"),
        ("src", "/accounts/logout/"),
        ("src", "/static/../accounts/logout/"),
        ("src", "/static/%2e%2e/accounts/logout/"),
        ("src", "/media/x.jpg?next=1"),
        ("src", "/static/"),
        ("value", "typed"),
        ("checked", True),
        ("type", "hidden"),
        ("rel", "preload"),
        ("class", "a<script>"),
        ("rr_width", "1px;x"),
        ("rr_width", float("inf")),
        ("rr_width", True),
        ("rr_dataURL", "data:image/png;base64,x"),
        ("alt", 5),
        ("_cssText", "p{}"),
        ("style", 5),
    ],
)
def test_a10__attributes_that_act_or_tell__are_gone(name: str, value: Any) -> None:
    for tag in ("img", "div", "input"):
        (node,) = body_of(element(tag, {name: value}))
        assert name not in node["attributes"]
    changed = strip(mutation(attributes=[{"id": 5, "attributes": {name: value}}]))
    assert changed[0]["data"]["attributes"] == []


@pytest.mark.attack("A11")
def test_a11__css__draws_and_fetches_nothing() -> None:
    fetching = ["url(//evil/t.gif)", "URL ( '//evil' )", "image-set('//evil' 1x)", "src(//evil)"]
    for css in fetching:
        (node,) = body_of(element("div", {"style": f"background: {css}; color: red"}))
        assert "none(" in node["attributes"]["style"]
        assert "color: red" in node["attributes"]["style"]
    (style,) = body_of(element("style", {}, text("@import '//evil'; p { background: url(//evil) }")))
    assert "@import" not in style["childNodes"][0]["textContent"]
    assert "url(" not in style["childNodes"][0]["textContent"]
    for hidden in (r"background: \75 rl(//evil)", "</style><img src=x>", "a" * 200_000):
        (style,) = body_of(element("style", {"_cssText": hidden}))
        assert style["attributes"]["_cssText"] == ""
    later = strip(mutation(texts=[{"id": 6, "value": r"@import '//evil'; p { background: \75rl(//evil) } url(x)"}]))
    shown = later[0]["data"]["texts"][0]["value"]
    assert "\\" not in shown
    assert "@import" not in shown
    assert "url(" not in shown
    declared = {"background": "url(//evil)", "color": ["red", "important"], "top": False, "a b": "1", "left": 5, "x": ["a"]}
    (event,) = strip(mutation(attributes=[{"id": 5, "attributes": {"style": declared}}]))
    kept = event["data"]["attributes"][0]["attributes"]["style"]
    assert kept == {"background": "none(//evil)", "color": ["red", "important"], "top": False}
    (many,) = strip(mutation(attributes=[{"id": 5, "attributes": {"style": {f"--p{n}": "1" for n in range(101)}}}]))
    assert many["data"]["attributes"] == []
    (low,) = strip(mutation(attributes=[{"id": 5, "attributes": {"style": {"color": ["red", "x"]}}}]))
    assert low["data"]["attributes"][0]["attributes"]["style"]["color"] == ["red", ""]


@pytest.mark.attack("I02")
def test_i02__fields__show_no_value_wherever_it_stands() -> None:
    hidden = element("input", {"type": "hidden", "name": "csrfmiddlewaretoken", "value": "T0KEN", "class": "T0KEN"})
    password = element("input", {"type": "password", "value": "hunter2", "class": "field"})
    area = element("textarea", {"rows": "3"}, text("hunter2"))
    option = element("select", {}, element("option", {"value": "hunter2"}, text("hunter2")))
    shown = body_of(hidden, password, area, option)
    assert "T0KEN" not in json.dumps(shown)
    assert "hunter2" not in json.dumps(shown)
    assert shown[1]["attributes"] == {"type": "password", "class": "field"}


@pytest.mark.attack("I01")
def test_i01__cards_and_addresses_in_words__are_masked() -> None:
    (p, img) = body_of(
        element("p", {}, text(f"{PAN}, ann@example.com")), element("img", {"alt": PAN, "title": "ann@example.com"})
    )
    assert p["childNodes"][0]["textContent"] == "[card], [e-mail]"
    assert img["attributes"] == {"alt": "[card]", "title": "[e-mail]"}
    (event,) = strip(mutation(texts=[{"id": 6, "value": PAN}], attributes=[{"id": 5, "attributes": {"title": PAN}}]))
    assert event["data"]["texts"] == [{"id": 6, "value": "[card]"}]
    assert event["data"]["attributes"][0]["attributes"] == {"title": "[card]"}


def test_changes__known_ones_in_their_shape__others_dropped() -> None:
    moved = {"x": 1, "y": 0, "id": 5, "timeOffset": -20}
    added = {"parentId": 3, "nextId": None, "node": text("new", 9)}
    events = [
        {"type": 4, "data": {"href": "https://x/?token=1", "width": 800, "height": 600}, "timestamp": 1},
        mutation(
            removes=[{"id": 5, "parentId": 3}, {"id": 5}], adds=[added, {"parentId": 3, "node": {"type": 0, "id": 8}}, {}]
        ),
        change(1, positions=[moved, {"x": 1}]),
        change(2, type=2, id=5, x=1, y=2),
        change(3, id=1, x=0, y=300),
        change(4, width=390, height=844),
        change(6, positions=[moved]),
        mutation(attributes=[{"id": 5, "attributes": {"class": None, "onclick": None, "src": None}}]),
    ]
    meta, first, move, press, scroll, resize, touch, plain = strip(*events)
    assert meta["data"] == {"href": "", "width": 800, "height": 600}
    assert first["data"]["removes"] == [{"id": 5, "parentId": 3}]
    assert first["data"]["adds"] == [added]
    assert move["data"]["positions"] == touch["data"]["positions"] == [moved]
    assert press["data"] == {"source": 2, "type": 2, "id": 5, "x": 1, "y": 2}
    assert scroll["data"] == {"source": 3, "id": 1, "x": 0, "y": 300}
    assert resize["data"] == {"source": 4, "width": 390, "height": 844}
    assert plain["data"]["attributes"] == [{"id": 5, "attributes": {"class": None}}]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"type": 3},
        {"type": 5, "data": {"tag": "x", "payload": {}}, "timestamp": 1},
        {"type": 6, "data": {"plugin": "x"}, "timestamp": 1},
        {"type": True, "data": {}, "timestamp": 1},
        {"type": 3, "data": {"source": 5, "text": "typed", "isChecked": False, "id": 5}, "timestamp": 1},
        {"type": 3, "data": {"source": 8, "adds": [{"rule": "p{background:url(//evil)}"}], "id": 5}, "timestamp": 1},
        {"type": 3, "data": {"source": 9}, "timestamp": 1},
        {"type": 3, "data": {"source": 15}, "timestamp": 1},
        {"type": 3, "data": {"source": 1, "positions": []}, "timestamp": 1},
        {"type": 3, "data": {"source": 2, "type": 99, "id": 5, "x": 1, "y": 1}, "timestamp": 1},
        {"type": 3, "data": {"source": 3, "id": 0, "x": 1, "y": 1}, "timestamp": 1},
        {"type": 3, "data": {"source": 4, "width": "800", "height": 600}, "timestamp": 1},
        {"type": 4, "data": {"width": 1e9, "height": 1}, "timestamp": 1},
        {"type": 2, "data": {"node": {"type": 2, "tagName": "p", "id": 4}}, "timestamp": 1},
        {"type": 2, "data": {"node": {"type": 7, "id": 4}}, "timestamp": 1},
        {"type": 2, "data": {"node": {"type": 0, "id": -4}}, "timestamp": 1},
        {"type": 2, "data": {"node": "<p>"}, "timestamp": 1},
        {"type": 4, "data": {"width": 1, "height": 1}, "timestamp": "1"},
        {"type": 4, "data": {"width": 1, "height": 1}, "timestamp": True},
        {"type": 4, "data": {"width": 1, "height": 1}, "timestamp": 1e300},
    ],
)
def test_events_that_are_none_of_those__are_dropped(raw: Any) -> None:
    assert strip(raw) == []


def test_odd_shapes__cost_themselves_only() -> None:
    assert strip(mutation(texts=5, attributes=[{"id": 5, "attributes": 5}, 7], adds="x", removes=None))[0]["data"] == {
        "source": 0,
        "texts": [],
        "attributes": [],
        "removes": [],
        "adds": [],
    }
    (node,) = body_of({"type": 2, "tagName": 5, "attributes": [], "childNodes": "x", "id": 5}, {"type": 3, "id": 9}, 5)
    assert (node["tagName"], node["attributes"], node["childNodes"]) == ("div", {}, [])
    (many,) = body_of(element("p", {f"class{n}": "x" for n in range(61)}))
    assert many["attributes"] == {}
    (event,) = strip({"type": 2, "data": {"node": {"type": 0, "id": 1}}, "timestamp": 1})
    assert event["data"] == {"node": {"type": 0, "childNodes": [], "id": 1}, "initialOffset": {"top": 0, "left": 0}}
    assert has_snapshot([event])
    assert not has_snapshot(strip(mutation()))


@pytest.mark.attack("A17")
def test_a17__deep_and_many__bounded() -> None:
    node = text("deep")
    for _depth in range(300):
        node = element("div", {}, node)
    (event,) = strip(snapshot(node))
    assert "deep" not in json.dumps(event)
    depth, inner = 0, event["data"]["node"]
    while inner.get("childNodes"):
        depth, inner = depth + 1, inner["childNodes"][-1]
    assert depth == DEEPEST
    with pytest.raises(TooManyNodesError):
        strip(snapshot(*[text("x", number + 1) for number in range(MOST_NODES + 1)]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 20) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "data", "node", "id", "tagName", "attributes", "childNodes", "source", "adds", "src", "style"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=4))
def test_any_json__never_raises_and_stripping_again_changes_nothing(events: list[Any]) -> None:
    once = strip_events(events, BASES)
    assert strip_events(once, BASES) == once
