"""Do the files of ``deploy/`` say the same, and what systemd and Compose understand? ``make deployed`` runs them."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose" / "compose.yaml").read_text())
OURS = ("web", "beats", "push", "worker", "tables")
ELSEWHERE = {
    "--bind",
    "--host",
    "--max-requests",
    "--max-requests-jitter",
    "--forwarded-allow-ips",
    "--timeout-graceful-shutdown",
}
"""What differs between a machine and a container: where one listens, and who restarts whom."""


def command_of(unit: Path) -> str:
    return re.search(r"^ExecStart=/srv/shop/\.venv/bin/(.+)$", unit.read_text(), re.MULTILINE)[1]  # type: ignore[index]


def essence(command: str) -> list[str]:
    """Return the words of a command without what differs by place."""
    words, kept = shlex.split(command), []
    while words:
        word = words.pop(0)
        if word in ELSEWHERE:
            words.pop(0)
        else:
            kept.append(word)
    return kept


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_units__as_they_stand__are_understood_by_systemd(tmp_path: Path) -> None:
    for unit in (ROOT / "deploy" / "systemd").glob("shop-*"):
        # The programs are the shop's own: what stands before them is what is looked at.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True, check=False
    )
    ours = [line for line in (told.stdout + told.stderr).splitlines() if str(tmp_path) in line or "shop-" in line]
    assert ours == []


def read_by_compose(**environment: str) -> "subprocess.CompletedProcess[str]":
    """Have Compose itself read the file, the plugin or the older program; a daemon is not asked."""
    command = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
    file = ROOT / "deploy" / "compose" / "compose.yaml"
    told = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment}
    return subprocess.run([*command, "-f", str(file), "config"], capture_output=True, text=True, env=told, check=False)


def has_compose() -> bool:
    if shutil.which("docker-compose"):
        return True
    plugin = ["docker", "compose", "version"]
    return bool(shutil.which("docker")) and subprocess.run(plugin, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_compose(), reason="Compose is not here")
def test_compose__as_it_stands__is_understood_and_asks_for_the_password() -> None:
    refused, read = read_by_compose(), read_by_compose(POSTGRES_PASSWORD="secret")

    assert refused.returncode != 0
    assert "set it in .env" in refused.stderr
    assert read.returncode == 0, read.stderr
    services = yaml.safe_load(read.stdout)["services"]
    assert set(services) == set(COMPOSE["services"])
    for name in OURS:
        assert services[name]["environment"]["DATABASE_URL"] == "postgresql://shop:secret@database/shop"
        assert services[name]["command"], name


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit__each__is_run_by_its_own_user_in_the_shops_folder(unit: Path) -> None:
    text = unit.read_text()
    for line in ("User=shop", "WorkingDirectory=/srv/shop", "EnvironmentFile=/etc/shop.env", "NoNewPrivileges=true"):
        assert f"\n{line}\n" in text


@pytest.mark.parametrize("name", ["web", "beats", "push", "worker"])
def test_compose__each_process__runs_what_its_unit_runs(name: str) -> None:
    unit = ROOT / "deploy" / "systemd" / f"shop-{name}.service"
    assert essence(COMPOSE["services"][name]["command"]) == essence(command_of(unit))


def test_compose__worker__is_ended_by_the_signal_of_its_unit() -> None:
    assert COMPOSE["services"]["worker"]["stop_signal"] == "SIGINT"
    assert "KillSignal=SIGINT" in (ROOT / "deploy" / "systemd" / "shop-worker.service").read_text()


def test_compose__every_process__sees_files_that_the_image_gives_to_its_user() -> None:
    image = (ROOT / "deploy" / "compose" / "Dockerfile").read_text()
    mounted = {name: {volume.split(":")[0] for volume in COMPOSE["services"][name]["volumes"]} for name in OURS}
    assert set(map(frozenset, mounted.values())) == {frozenset({"static", "media"})}
    assert image.index("chown -R shop static media") < image.index("USER shop")
    assert "collectstatic" in COMPOSE["services"]["tables"]["command"]  # into the volume, which outlives the image


def test_compose__every_volume__is_declared() -> None:
    named = {
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", ())
        if volume[0] != "."
    }
    assert named == set(COMPOSE["volumes"])
