"""A shop behind nginx by HTTPS on a name of its own, and a relay with a certificate: by the files and lines of the how-to."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chat_servers import push_server, serving
from sandbox.drive.relay import NoRelayError, own_address
from sandbox.drive.shop import ROOT, RealShop
from tests.browser.voices_shop import REDIS

HOST, TURN = "shop.example", "turn.shop.example"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@dataclass(frozen=True, slots=True)
class Secure:
    """Where the shop is, how a browser finds its names, and the relay's log."""

    address: str
    browser_flags: tuple[str, ...]
    relay_log: Path


def has_nginx() -> bool:
    """Whether nginx and openssl are there."""
    return bool(shutil.which("nginx") and shutil.which("openssl"))


@contextmanager
def secure_shop(folder: Path, ports: dict[str, int], *, is_relay_tls: bool) -> Iterator[Secure]:
    """Run all of it until the block ends; raises ``NoRelayError``. ``ports``: of nginx, of the relay without TLS and with."""
    make_certificate(folder)
    # By its address: the names of relays by UDP Chromium looks up itself, past --host-resolver-rules.
    turn = [f"turn:{own_address()}:{ports['turn']}?transport=udp", f"turns:{TURN}:{ports['turns']}?transport=tcp"]
    shop = RealShop(
        folder / "shop",
        {
            "DJANGO_SETTINGS_MODULE": "tests.browser.secure_settings",
            "ENGAGE_SHOP_HOLDOUT": "0",
            "ENGAGE_LEARNING": "0",
            "ENGAGE_VOICES": "1",
            "ENGAGE_VOICES_RELAY_ONLY": "1",
            "ENGAGE_TURN_URL": turn[is_relay_tls],
            "ENGAGE_TURN_SECRET": SECRET,
            "ENGAGE_PUSH_REDIS": REDIS,
        },
    )
    shop.folder.mkdir()
    with ExitStack() as stack:
        stack.enter_context(_relay(folder, ports))
        shop.start()
        stack.callback(shop.stop)
        push = stack.enter_context(_push(shop))
        stack.enter_context(_nginx(folder, shop, push, ports["nginx"]))
        rules = f"MAP {HOST} 127.0.0.1, MAP {TURN} {own_address()}"
        yield Secure(
            f"https://{HOST}:{ports['nginx']}",
            (f"--host-resolver-rules={rules}", "--ignore-certificate-errors"),
            folder / "turn.log",
        )


def make_certificate(folder: Path) -> None:
    """Write ``fullchain.pem`` and ``privkey.pem``, signed by nobody, for both names."""
    names = f"subjectAltName=DNS:{HOST},DNS:{TURN}"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", names]
    written = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*made, *written], check=True, capture_output=True)


@contextmanager
def _push(shop: RealShop) -> Iterator[int]:
    before = dict(os.environ)
    os.environ.update(shop.environment)
    try:
        with serving(*push_server()) as (port, _pid):
            yield port
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _nginx(folder: Path, shop: RealShop, push: int, port: int) -> Iterator[None]:
    """Run nginx with the file of ``deploy/`` and the lines of docs/voices.md; names, folders and ports alone are changed."""
    (secure,) = re.findall(r"^```nginx\n(.*?)\n```$", (ROOT / "docs" / "voices.md").read_text(), re.M | re.S)
    text = (ROOT / "deploy" / "nginx" / "shop.conf").read_text()
    assert text.count("    listen 80;") == 1
    text = text.replace("    listen 80;", secure).replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    text = text.replace(f"/etc/letsencrypt/live/{HOST}/", f"{folder}/").replace("/srv/shop/", f"{shop.folder}/")
    for old, new in {"8000": shop.port, "8002": shop.port, "8001": push}.items():
        text = text.replace(f"127.0.0.1:{old};", f"127.0.0.1:{new};")
    around = f"user root;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\nhttp {{\n"
    around += f"include /etc/nginx/mime.types;\naccess_log {folder}/access.log;\n{text}\n}}\n"
    (folder / "nginx.conf").write_text(around)
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder), "-g", "daemon off;"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


@contextmanager
def _relay(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    """Run coturn with the lines of docs/voices.md; names, folders, ports and its own address alone are changed."""
    found = subprocess.run([ROOT / "scripts" / "ensure-coturn"], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        raise NoRelayError
    (lines,) = re.findall(r"^   ```\n(   listening-port=.*?)\n   ```$", (ROOT / "docs" / "voices.md").read_text(), re.M | re.S)
    text = re.sub(r"^   ", "", lines, flags=re.M)
    for old, new in {
        "listening-port=3478": f"listening-port={ports['turn']}",
        "tls-listening-port=5349": f"tls-listening-port={ports['turns']}",
        "external-ip=203.0.113.9": f"external-ip={own_address()}",
        "the-secret-of-VOICES_TURN": SECRET,
        "/etc/coturn/": f"{folder}/",
        "\nsyslog": f"\nlog-file={folder}/turn.log\nsimple-log\nverbose\npidfile={folder}/turn.pid",
    }.items():
        assert old in text
        text = re.sub(rf"(?m)^{re.escape(old)}" if old.startswith("listening") else re.escape(old), new, text)
    (folder / "turnserver.conf").write_text(text)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([found.stdout.strip(), "-c", str(folder / "turnserver.conf")], **quiet)  # type: ignore[call-overload]  # a mapping of plain values
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)
