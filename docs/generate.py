"""Which pages of the documentation are written from the source? ``python -m docs.generate`` writes them; a test compares."""

import ast
import dataclasses
import inspect
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).resolve().parent
WRITTEN = "<!-- Written by `make docs` from the source: change the docstrings there, not this page. -->"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; bars and line breaks inside cells are made harmless."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def attribute_docstrings(owner: type) -> dict[str, str]:
    """Return the text that stands below each annotated attribute in the source of ``owner``."""
    (body,) = ast.parse(inspect.cleandoc("\n" + inspect.getsource(owner)).strip()).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class is one class
    found: dict[str, str] = {}
    for this, following in zip(body.body, body.body[1:], strict=False):
        if isinstance(this, ast.AnnAssign) and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            found[ast.unparse(this.target)] = inspect.cleandoc(str(following.value.value))
    return found


def settings_page() -> str:
    """Return ``settings.md``: every key of ``OSCAR_ENGAGE``."""
    from oscar_engage.conf import EngageSettings
    from oscar_engage.core.sensors import SENSORS

    meaning = attribute_docstrings(EngageSettings)
    rows = [
        [f"`{field.name.upper()}`", f"`{field.default!r}`", meaning[field.name].replace("``", "`")]
        for field in dataclasses.fields(EngageSettings)
    ]
    sensors = [
        [f"`{sensor}`", *(f"`{name}`", f"`{_plain(one.default)}`", str(one.least), str(one.most))]
        for sensor, thresholds in SENSORS.items()
        for name, one in thresholds.items()
    ]
    sensors += [[f"`{sensor}`", "none: on or off", "", "", ""] for sensor, thresholds in SENSORS.items() if not thresholds]
    return f"""# Settings

{WRITTEN}

Everything is one dictionary; leave out what you do not want to change. An unknown key or a value that cannot be used is
error `oscar_engage.E001` of `manage.py check`.

```python
OSCAR_ENGAGE = {{
    "CONSENT": "myshop.consent.consent_level",
    "SHOP_HOLDOUT": 0.05,
}}
```

{table(["Key", "Default", "Meaning"], rows)}

## Sensors

What each notices: [Privacy](privacy.md), "What the browser notices". Each sensor is `None` (off) or a dictionary of its
thresholds; what you leave out keeps its default. Only what you changed travels with a page, the same for everybody.

{table(["Sensor", "Threshold", "Default", "From", "To"], sensors)}
"""


def _plain(default: Any) -> str:
    return str(list(default) if isinstance(default, tuple) else default)


def limits(described: msgspec.inspect.Type) -> str:
    """Return a payload field's type and bounds in words."""
    match described:
        case msgspec.inspect.UnionType(types=types):
            words = " or ".join(limits(one) for one in types)
        case msgspec.inspect.NoneType():
            words = "nothing"
        case msgspec.inspect.StrType(max_length=longest, pattern=pattern):
            words = f"{'name' if pattern else 'text'}, at most {longest} characters"
        case msgspec.inspect.LiteralType(values=values):
            words = "one of " + ", ".join(str(value) for value in values)
        case msgspec.inspect.IntType(ge=low, le=high):
            words = f"whole number, {low} to {high}"
        case msgspec.inspect.FloatType(ge=low, le=high):
            words = f"number, {low} to {high:,.0f}"
        case msgspec.inspect.VarTupleType(item_type=item, max_length=longest):
            words = f"at most {longest} of: {limits(item)}"
        case msgspec.inspect.StructType(fields=fields):
            words = ", ".join(f"`{field.name}`" for field in fields)
        case _:
            words = type(described).__name__.removesuffix("Type").lower()
    return words


def signals_page() -> str:
    """Return ``signals.md``: every kind of signal."""
    from oscar_engage.signals import sources  # noqa: F401 - connecting them registered the kinds
    from oscar_engage.signals.kinds import KINDS

    sections = []
    for kind in sorted(KINDS, key=lambda kind: (kind.from_browser, kind.name)):
        if not kind.payload.__module__.startswith("oscar_engage."):
            continue
        source = "the browser" if kind.from_browser else "the server"
        commit = " Dropped when the shop's transaction rolls back." if kind.needs_commit else ""
        described = msgspec.inspect.type_info(kind.payload)
        fields = [[f"`{field.name}`", limits(field.type), "yes" if field.required else ""] for field in described.fields]
        shape = table(["Field", "Type", "Required"], fields) if fields else "No data."
        sections.append(f"## `{kind.name}`\n\n{kind.meaning.replace('``', '`')} Told by {source}.{commit}\n\n{shape}\n")
    return f"""# Signals

{WRITTEN}

A signal is something a visitor did or failed to do. What the server tells comes from Oscar and Django and can neither be
blocked nor forged; what the browser tells is checked against the shape below, and what does not fit is dropped and counted.
A field that a kind does not know is dropped. How to record your own: [Extending](extending.md).

{chr(10).join(sections)}"""


def variables_page() -> str:
    """Return ``variables.md``: what a rule may ask."""
    from oscar_engage.rules import grammar  # noqa: F401 - importing it registers the variables
    from oscar_engage.rules.types import DateTime, TimeOfDay
    from oscar_engage.rules.variables import VARIABLES

    types = {type(one.type) for one in VARIABLES}
    rows = [
        [f"`{one.name}`", str(one.label), str(one.group), one.type.name, traits(one)]
        for one in VARIABLES
        if one.reading.__module__.startswith("oscar_engage.")
    ]
    parameters = [
        [f"`{one.name}`", f"`{parameter.name}`", str(parameter.label), parameter.type.name, left_out(parameter)]
        for one in VARIABLES
        if one.reading.__module__.startswith("oscar_engage.")
        for parameter in one.parameters
    ]
    types |= {type(parameter.type) for one in VARIABLES for parameter in one.parameters} | {DateTime, TimeOfDay}
    ordered = sorted(types, key=lambda kind: str(kind.name))
    return f"""# Variables

{WRITTEN}

What a rule may ask about the visit. A variable whose value is not known is *unknown*, and a condition on it holds neither
as it stands nor negated: a rule never fires on what it does not know. "Personal" variables are unknown without consent to
personalisation; a "clock" variable grows with time alone, and the server says exactly when to look again; one that "turns"
changes with the clock on the wall, and the browser comes back when a rule's condition on it would read differently; a "service"
variable may be read by service rules below that consent; a "costly" one is asked last. How to add your own:
[Extending](extending.md).

{table(["Variable", "Label", "Group", "Type", "Traits"], rows)}

## Parameters

In a rule's JSON a condition gives them beside the variable's name:
`{{"field": "history.count", "with": {{"kind": "product.viewed", "days": 7}}, "operator": ">=", "value": 3}}`. `history.…` reads
the visitor's log on all their devices, as far back as it is kept; what it does not reach is unknown, and so is everything about
somebody of whom more than 2,000 signals would have to be read. `history.seconds_since` is longer than any limit where something
never happened, and a rule that waits for it is woken to the second. A count that *falls* with time is seen at the next beat.
`basket.fell` and `basket.rose` know the last twelve changes of the basket.
`desk.free_agents` counts the chats that agents can take now, less those that wait already; with a skill or a language, only
of agents who have it. `desk.expected_wait` is what a shopper who began a chat now would read: 0 for less than a minute, unknown
where nobody is there; and `visitor.last_rating` from 1 (it did not help at all) to 5.

{table(["Variable", "Parameter", "Label", "Type", "Left out"], parameters)}

Names of categories are read alone and with the path to them: a product in *Clothing > Boots* is in `Clothing`, in `Boots` and
in `Clothing > Boots`, so a rule for a category holds in all below it. What the shop itself is asked (products, categories,
orders, the customer's address) comes through the setting `SHOP`.

## What is still to come

The topics of a visitor's earlier questions and the opening hours of each queue wait for the help desk. Until then
`time.is_open` goes by `OPENING_HOURS`.

## Types

{table(["Type", "Operators"], [[kind.name, " ".join(f"`{one}`" for one in kind.operators)] for kind in ordered])}
"""


def left_out(parameter: Any) -> str:
    """Return what a parameter means that is not given."""
    if parameter.is_required:
        return "must be given"
    return "any" if parameter.default is None else f"`{parameter.type.to_json(parameter.default)}`"


def traits(variable: Any) -> str:
    """Return what is special about a rule variable."""
    from oscar_engage.rules.turns import is_turning

    found = [name for name in ("clock", "personal", "service") if getattr(variable, name, False)]
    found += ["turns"] if is_turning(variable.name) else []
    return ", ".join([*found, *(["costly"] if variable.cost else [])])


def personal_data_page() -> str:
    """Return ``personal-data.md``: every table with something about people, field by field."""
    from oscar_engage.personal.registry import IMPERSONAL, PERSONAL

    rows = [
        [
            *(str(one.label), f"`{one.model.__name__}`", names(one.personal), names(one.impersonal)),
            *(ending(one), retention(one.retention)),
        ]
        for one in PERSONAL
    ]
    others = [[f"`{one.model.__name__}`", one.why] for one in IMPERSONAL]
    return f"""# Personal data

{WRITTEN}

Every table of ours, for the shop's records of processing (Art. 30 GDPR). Export hands out a person's rows, erasure does what
the column "when erased" says, daily jobs remove what is older. More: [Privacy](privacy.md).

{table(["What", "Model", "Personal", "Other fields", "When erased", "Kept"], rows)}

Nothing about a person is in:

{table(["Model", "Because it holds"], others)}
"""


def names(fields: Iterable[str]) -> str:
    """Return field names in a fixed order."""
    return ", ".join(f"`{name}`" for name in sorted(fields))


def ending(data: Any) -> str:
    """Return what erasure does, and why something stays."""
    return f"{data.ending.value}. {data.why}" if data.why else data.ending.value


def retention(kept: Any) -> str:
    """Return how long rows stay."""
    return ", ".join(part for part in (f"`{kept.setting.upper()}`" if kept.setting else "", kept.reason) if part)


_FEATURES = "learning-features.md"


def features_page() -> str:
    """Return ``learning-features.md`` with the table of the numbers that a visit is turned into."""
    from oscar_engage.learning.features.schema import FEATURES, SCHEMA, VERSION

    rows = [[f"`{one.name}`", one.unit.words, one.meaning, feature_traits(one)] for one in FEATURES]
    head, _mark, rest = _page(_FEATURES).partition(_SLOTS)
    said = f"Schema `{SCHEMA}` (version {VERSION}), {len(FEATURES)} features.\n\n"
    return (
        head
        + _SLOTS
        + said
        + table(["Feature", "Unit", "Meaning", "Traits"], rows)
        + _END_OF_SLOTS
        + rest.partition(_END_OF_SLOTS)[2]
    )


def feature_traits(feature: Any) -> str:
    """Return what is special about a feature."""
    return ", ".join(name for name in ("history", "told") if getattr(feature, f"is_{name}"))


_SIDES = {"": "below", "top": "above", "left": "to the left", "right": "to the right"}
_SLOTS, _END_OF_SLOTS = "<!-- Written by `make docs`. -->\n\n", "\n\n<!-- Until here. -->\n"


def roles_page() -> str:
    """Return ``roles.md``: which role has which permission, and what each opens, from the map that the dashboard uses."""
    from oscar_engage.dashboard.access import CODENAMES, ROLES

    short = {name: name.removeprefix("Engage ") for name in ROLES}
    named = {codename for codenames in (*ROLES.values(), *CODENAMES.values()) for codename in codenames}
    ticks = [[f"`{codename}`", *("✓" if codename in ROLES[name] else "" for name in ROLES)] for codename in sorted(named)]
    opens: dict[tuple[str, ...], list[str]] = {}
    for page, codenames in CODENAMES.items():
        opens.setdefault(codenames, []).append(page.removeprefix("engage-"))
    pages = [
        [" and ".join(f"`{name}`" for name in needed), ", ".join(sorted(found)), _roles_with(needed, ROLES, short)]
        for needed, found in sorted(opens.items())
    ]
    return f"""# Who may do what

{WRITTEN}

Being a member of staff opens none of our pages. `create_role_groups()` (in `oscar_engage.dashboard.access`) makes these groups
or completes them; a shop may give single permissions as it likes. Superusers have all. Whoever may not open a page gets 403; a
conversation in a queue for [its members alone](desk-queues.md) is 404 to everybody else but those with `change_agent`.

## Roles

{table(["Permission", *short.values()], ticks)}

## Pages

Each by the end of its URL name (`engage_dashboard:engage-…`), with the roles that have all it needs.

{table(["Needs", "Pages", "Roles"], pages)}

The help centre adds its own: [The help centre](help-centre.md). What staff did, and who was given which role, stands in the
trail, which can be written and never changed: [Who did what](audit-trail.md).
"""


def _roles_with(codenames: Iterable[str], roles: Any, short: dict[str, str]) -> str:
    return ", ".join(short[name] for name, held in roles.items() if set(codenames) <= set(held))


def anchors_page() -> str:
    """Return ``anchors.md`` with the table of the places that Oscar's own templates have, from the browser's map of them."""
    source = (FOLDER.parent / "frontend" / "src" / "anchors.js").read_text(encoding="utf-8")
    stock = source.partition("const STOCK = {")[2].partition("\n};")[0]
    found = re.findall(r"""^  "?([\w-]+)"?: \[(["'])(.+?)\2(?:, "(\w+)")?\],$""", stock, re.MULTILINE)
    rows = [[f"`{slot}`", f"`{selector}`", _SIDES[side]] for slot, _quote, selector, side in found]
    slots = table(["Place", "Element of Oscar's templates", "A balloon stands"], rows)
    head, _mark, rest = _page("anchors.md").partition(_SLOTS)
    return head + _SLOTS + slots + _END_OF_SLOTS + rest.partition(_END_OF_SLOTS)[2]


def hooks_page() -> str:
    """Return ``hooks.md``: every place where a shop's own code can join, found in the source."""
    from oscar_engage import hooks
    from oscar_engage.conf import EngageSettings

    told = re.findall(r"^``(\w+)``\n((?:    .*\n?)+)", inspect.cleandoc(hooks.__doc__ or ""), re.MULTILINE)
    signals = [[f"`{name}`", _plain_text(" ".join(inspect.cleandoc(text).split()))] for name, text in told]
    defaults = {field.name: field.default for field in dataclasses.fields(EngageSettings)}
    callables = [
        [f"`{name.upper()}`", f"`{defaults[name]}`" if defaults[name] else "none", _plain_text(" ".join(meaning.split()))]
        for name, meaning in attribute_docstrings(EngageSettings).items()
        if meaning.startswith("Dotted path")
    ]
    return f"""# Where your code can join

{WRITTEN}

Three ways: a **hook** tells you that something happened; a **registry** takes something of yours beside ours; a **setting**
names a function or a class of yours by its dotted path. How each is used, with examples that a test runs:
[Extending](extending.md). From outside: [Webhooks](webhooks.md).

## Hooks

`django.dispatch.Signal`s in `oscar_engage.hooks`, sent after our own commit with `send_robust`: what a receiver returns is
ignored, what it raises is logged. A process that dies right after the commit has told nobody; what must not be lost is found in
the tables, or told by a [webhook](webhooks.md).

{table(["Hook", "When, and with which keyword arguments"], signals)}

```python
from oscar_engage import hooks

published = []


def note_rule(sender, rule, version, user, **kwargs):
    published.append(f"{{rule.name}} {{version.number}}")


hooks.rule_published.connect(note_rule, dispatch_uid="myshop-note-rule")
```

## Registries

`REGISTRY.register(name, entry)` in the `ready()` of your own app; a name that is taken raises. Some have a function for it
(`variable`, `handler`, `personal_data`).

{table(["Registry", "Of what", "Type of an entry", "The module answers"], sorted(_registries()))}

```python
from oscar_engage.jobs.registry import handler

greeted = []


@handler("myshop.greet")  # done at least once, tried again when it raises: enqueue("myshop.greet", key="…", payload=…, now=…)
def greet(payload, /, *, now):
    greeted.append(payload["order"])
```

## Settings that name your code

{table(["Setting", "Default", "What it names"], callables)}

```python
from oscar_engage.visitors.consent import ConsentLevel


def everybody_agreed(request):
    return ConsentLevel.PERSONALISATION  # OSCAR_ENGAGE = {{"CONSENT": "myshop.engage.everybody_agreed"}}
```
"""


def _registries() -> Iterable[list[str]]:
    """Give a row for each registry in the source."""
    import oscar_engage

    package = Path(oscar_engage.__file__).parent
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if not (isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call) and node.value.args):
                continue
            kind, noun = ast.unparse(node.annotation), node.value.args[0]
            if kind.startswith("Registry[") and isinstance(noun, ast.Constant):
                module = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
                first = (ast.get_docstring(tree) or "").partition("\n")[0]
                name = f"`{module}.{ast.unparse(node.target)}`"
                yield [name, str(noun.value), f"`{kind.removeprefix('Registry[').removesuffix(']')}`", _plain_text(first)]


def _plain_text(text: str) -> str:
    """Return a docstring's words without the marks of reStructuredText."""
    return re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text).replace("``", "`")


def _page(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


PAGES = {
    "anchors.md": anchors_page,
    "settings.md": settings_page,
    "hooks.md": hooks_page,
    "signals.md": signals_page,
    "variables.md": variables_page,
    "personal-data.md": personal_data_page,
    "roles.md": roles_page,
    _FEATURES: features_page,
}


def main() -> None:
    """Write every generated page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.utils.translation import override

    django.setup()
    with override(None):  # as written in the source, not as Oscar or a shop translates it
        for name, page in PAGES.items():
            (FOLDER / name).write_text(page(), encoding="utf-8")
        from oscar_engage.api.schema import FILE, write_schema

        FILE.write_text(write_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
