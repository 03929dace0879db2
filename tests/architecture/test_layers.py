"""Do imports and foreign keys point down the list of layers in setup.cfg?"""

import configparser
import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps

from tests.architecture.source import PACKAGE, ROOT


def rows() -> list[set[str]]:
    """The layers, from the highest row to the lowest."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    lines = parser["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [set(re.findall(r"\w+", line)) for line in lines if not line.strip().startswith("#")]


def height(package: str) -> int:
    return next(number for number, row in enumerate(reversed(rows())) if package in row)


def test_contracts__as_committed__are_kept():
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_layers__every_package__is_named_in_a_row():
    here = {path.stem if path.suffix else path.name for path in PACKAGE.iterdir() if is_code(path)}
    assert here - set().union(*rows()) == set()


def is_code(path: Path) -> bool:
    if path.name in {"__init__.py", "migrations"}:
        return False
    return path.suffix == ".py" or (path / "__init__.py").exists()


def test_foreign_keys__all_models__point_down_the_layers():
    upward = []
    for model in apps.get_app_config("oscar_engage").get_models():
        owner = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = field.related_model
            if not field.concrete or target is None or target._meta.app_label != "oscar_engage":
                continue
            if height(target.__module__.split(".")[1]) > height(owner):
                upward.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert upward == []


def test_foreign_keys__to_the_shops_tables__carry_no_constraint():
    constrained = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("oscar_engage").get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model and field.related_model._meta.app_label != "oscar_engage"
        if field.db_constraint or field.remote_field.on_delete.__name__ != "DO_NOTHING"
    ]
    assert constrained == [], "our rows must never block the shop's deletes"
