"""Do the files of ``deploy/`` work? A bare shop behind nginx, with the commands of the units and the settings of the how-to.

``scripts/with-postgres python scripts/deployed.py`` puts Oscar's bare shop on PostgreSQL, adds the README's lines and those of
``docs/deploying.md``, starts what ``deploy/systemd/*.service`` start and nginx with ``deploy/nginx/shop.conf``, and tries it
over HTTP. Only names, folders and ports are changed. Exits with 77 where there is no nginx.
"""

import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent))
from newcomer import ROOT, BrokenPromiseError, Newcomer, log_in

NO_NGINX = 77
PATIENCE = 60
UNITS = ("shop-web", "shop-beats", "shop-push", "shop-worker")
PORTS = {"8000": "web", "8001": "push", "8002": "beats"}
SHOPPER = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
WSGI = '''"""What gunicorn serves."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
'''
FROM_ENVIRONMENT = """
from urllib.parse import urlsplit

_url = urlsplit(os.environ["DATABASE_URL"])
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _url.path.lstrip("/"),
    "USER": _url.username,
    "HOST": _url.hostname,
    "PORT": str(_url.port),
}
"""
"""How the shop's settings read ``/etc/shop.env``."""

WHO = """
from django.http import HttpResponse
from django.utils import timezone
from oscar_engage.storefront.network import _address_of

urlpatterns.insert(0, path("who/", lambda request: HttpResponse(f"{_address_of(request)} {request.scheme}")))
"""


def main() -> int:
    """Try it; return the exit status."""
    if shutil.which("nginx") is None:
        print("!!!!! DID NOT RUN: there is no nginx here", file=sys.stderr)
        return NO_NGINX
    with tempfile.TemporaryDirectory(prefix="deployed-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            Deployed(folder).run_all()
        except BrokenPromiseError as failure:
            print(f"FAILED: {failure}", file=sys.stderr)
            return 1
    print("The files of deploy/ put a shop behind nginx, and it sold on whatever died.")
    return 0


class Deployed(Newcomer):
    """The owner of a shop, with our how-to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, sys.executable, "Django", postgres=True)
        self.environment |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONWARNINGS": "ignore"}
        host, port = os.environ["ENGAGE_TEST_DB_HOST"], os.environ["ENGAGE_TEST_DB_PORT"]
        name, user = os.environ["ENGAGE_TEST_DB_NAME"], os.environ["ENGAGE_TEST_DB_USER"]
        self.database_url = f"postgresql://{user}@{host}:{port}/{name}"
        self.environment["DATABASE_URL"] = self.database_url
        self.ports = {name: free_port() for name in (*PORTS.values(), "nginx")}
        self.base = f"http://127.0.0.1:{self.ports['nginx']}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def run_all(self) -> None:
        """Deploy, try, take away."""
        self.make_shop()
        try:
            self.deploy()
            self.try_pages()
            self.try_forwarded()
            self.try_chat()
            self.try_flood()
            self.try_deaths()
            self.try_worker()
            self.tick()
        finally:
            for name in list(self.processes):
                self.stop(name)
            self.in_postgres("drop")

    # The shop, and what the how-to says

    def make_shop(self) -> None:
        """Make the shop in this interpreter's environment."""
        (self.folder / "venv").symlink_to(Path(sys.prefix))
        self.in_postgres("create")
        shutil.copytree(ROOT / "scripts" / "bare_shop", self.shop)
        (self.shop / "shop" / "wsgi.py").write_text(WSGI)
        self.manage("migrate", "--verbosity", "0")
        said = self.manage("shell", "--no-imports", "-c", "from shop.goods import stock; print('AT', stock())")
        self.product = re.search(r"AT (\S+)", said)[1]  # type: ignore[index]
        self.add_by_the_readme()
        with (self.shop / "shop" / "urls.py").open("a") as urls:
            urls.write(WHO)

    def deploy(self) -> None:
        """Add the settings, collect what is static, start everything."""
        page = (ROOT / "docs" / "deploying.md").read_text()
        (block,) = [
            block for block in re.findall(r"^```python\n(.*?)\n```$", page, re.M | re.S) if block.startswith("# settings")
        ]
        with (self.shop / "shop" / "settings.py").open("a") as settings:
            settings.write(f"\n{FROM_ENVIRONMENT}\n{block}\n")
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        for unit in UNITS:
            self.start(unit)
        self.start_nginx()
        for name in PORTS.values():
            await_port(self.ports[name])
        await_port(self.ports["nginx"])
        await_true(lambda: self.status("/") == 200, "the shop answers through nginx")
        say("the units and nginx are up")

    def start(self, unit: str) -> None:
        """Run a unit as systemd would: its command, its folder, its limit of files, and nothing but its environment file."""
        told = read_unit(unit)
        with (self.folder / f"{unit}.log").open("ab") as log:
            self.processes[unit] = subprocess.Popen(
                self.command_of(unit),
                cwd=told["WorkingDirectory"].replace("/srv/shop", str(self.shop)),
                env=self.environment_of(told["EnvironmentFile"]),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: limit_files(told.get("LimitNOFILE")),  # noqa: PLW1509 - before anything has a thread
            )

    def command_of(self, unit: str) -> list[str]:
        """Return the unit's command, with our folder and ports."""
        command = read_unit(unit)["ExecStart"].replace("/srv/shop/.venv/bin/", f"{self.folder}/venv/bin/")
        for port, name in PORTS.items():
            command = re.sub(rf"\b{port}\b", str(self.ports[name]), command)
        words = shlex.split(command)
        if not words[0].endswith("/python"):
            # The scripts in an environment name the interpreter by its own folder.
            words = [f"{self.folder}/venv/bin/python", "-m", Path(words[0]).name, *words[1:]]
        return words

    def environment_of(self, file: str) -> dict[str, str]:
        """Return what the environment file says, with our database, and what systemd gives to each unit."""
        lines = (ROOT / "deploy" / "systemd" / Path(file).name).read_text().splitlines()
        told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        told["DATABASE_URL"] = self.database_url
        # Our source takes the place of the package that is installed.
        return {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **told}

    def reload(self, unit: str) -> None:
        """Do what ``systemctl reload`` does."""
        told = read_unit(unit)["ExecReload"].replace("$MAINPID", str(self.processes[unit].pid))
        subprocess.run(shlex.split(told), check=True)

    def tick(self) -> None:
        """Run the unit of the timer once, to its end."""
        told = read_unit("shop-tick")
        subprocess.run(
            self.command_of("shop-tick"),
            cwd=self.shop,
            env=self.environment_of(told["EnvironmentFile"]),
            check=True,
            timeout=60,
        )
        say("the command of shop-tick ends by itself")

    def start_nginx(self) -> None:
        """Run nginx with our file in the place of a distribution's ``conf.d``."""
        text = (ROOT / "deploy" / "nginx" / "shop.conf").read_text()
        for port, name in PORTS.items():
            text = text.replace(f"127.0.0.1:{port};", f"127.0.0.1:{self.ports[name]};")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.ports['nginx']};")
        text = text.replace("server_name shop.example;", "server_name 127.0.0.1;").replace("/srv/shop/", f"{self.shop}/")
        around = (
            f"user root;\nworker_processes 1;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx.log;\n"
            "events {}\nhttp {\ninclude /etc/nginx/mime.types;\n"
            f"access_log {self.folder}/access.log;\n{text}\n}}\n"
        )
        (self.folder / "nginx.conf").write_text(around)
        self.run("nginx", "-t", "-c", f"{self.folder}/nginx.conf", "-p", str(self.folder))
        self.processes["nginx"] = subprocess.Popen(
            ["nginx", "-c", f"{self.folder}/nginx.conf", "-p", str(self.folder), "-g", "daemon off;"]
        )

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        """End a process and what it started."""
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill(self, name: str) -> None:
        """Kill a process and what it started, as a machine without power does."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    # What is tried

    def try_pages(self) -> None:
        """Pages come from Django with our tags, files from nginx."""
        page = self.read(self.product)
        (script,) = set(re.findall(r'src="([^"]*engage\.js)"', page))
        with urllib.request.urlopen(self.base + script, timeout=10) as answer:  # noqa: S310 - our own server
            served, source = answer.read(), answer.headers
        if (
            served != (ROOT / "oscar_engage/static/oscar_engage/dist/engage.js").read_bytes()
            or "max-age" not in source["Cache-Control"]
        ):
            raise BrokenPromiseError("nginx does not serve our script as a file")
        log_in(self.base)
        say("pages with our tags, static files by nginx, the owner logs in")

    def try_forwarded(self) -> None:
        """A browser that writes X-Forwarded-For is known by the address that nginx sees."""
        said = self.read("/who/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"})
        if said != "127.0.0.1 http":
            raise BrokenPromiseError(f"a made-up X-Forwarded-For is believed: {said}")
        say("a made-up X-Forwarded-For and -Proto are not believed")

    def try_chat(self) -> None:
        """A shopper is known by a beat, begins a chat, and is woken through nginx at once."""
        self.shopper = Shopper(self.base)
        status = self.shopper.beat(self.product)
        visitors = self.ask("from oscar_engage.models import Visitor; print('AT', Visitor.objects.count())")
        if status not in {200, 204} or visitors != "1":
            raise BrokenPromiseError(f"the beat: {status}, {visitors} visitors")
        self.chat = self.shopper.begin_chat("Do you ship to Malta?")
        stream = self.shopper.listen(self.chat)
        took = []
        for number in range(5):
            time.sleep(0.3)
            began = time.monotonic()
            self.shopper.say(self.chat, f"Hello {number}?")
            took.append(stream.next_wake(began))
        stream.close()
        if max(took) > 1.0:
            raise BrokenPromiseError(f"woken after {max(took):.2f} s: something buffers")
        say(f"a beat and a chat went through; woken within {max(took) * 1000:.0f} ms, five times")

    def try_flood(self) -> None:
        """Too many beats are turned away by nginx; pages of the shop are not."""
        answers = Counter(self.shopper.beat(self.product) for _number in range(150))
        if not answers[429] or self.status(self.product) != 200:
            raise BrokenPromiseError(f"a flood: {dict(answers)}")
        say(f"a flood of 150 beats: {answers[429]} turned away by nginx, pages go on")

    def try_deaths(self) -> None:
        """Workers are reloaded under load, and processes are killed: the shop answers."""
        with self.browsing() as seen:
            self.reload("shop-web")
            time.sleep(4)
        if set(seen) != {200}:
            raise BrokenPromiseError(f"a reload was felt: {dict(seen)}")
        say(f"a reload of the shop was not felt by {seen[200]} requests")
        with self.browsing() as seen:
            self.kill("shop-push")
            self.kill("shop-beats")
            lost = self.shopper.beat(self.product)
            self.shopper.say(self.chat, "Is anybody there?")
            time.sleep(1)
            self.start("shop-push")
            self.start("shop-beats")
            await_port(self.ports["beats"])
            await_port(self.ports["push"])
        if set(seen) != {200} or lost not in {429, 502}:
            raise BrokenPromiseError(f"kill -9 of push and beats was felt: {dict(seen)}, {lost}")
        say(f"kill -9 of push and beats was not felt by {seen[200]} requests of pages; the chat went on")
        self.kill("shop-web")
        self.start("shop-web")
        await_true(lambda: self.status("/") == 200, "the shop comes back after kill -9")
        asked = self.ask("from oscar_engage.models import Message; print('AT', Message.objects.filter(role='shopper').count())")
        if asked != "7":
            raise BrokenPromiseError(f"of 7 messages {asked} are there")
        say("kill -9 of the shop and a start: all 7 messages are there")

    def try_worker(self) -> None:
        """The worker is killed while it works, and all is done."""
        enqueue = (
            "from django.utils import timezone; from oscar_engage.jobs.outbox import enqueue; "
            "[enqueue('jobs.purge', key=f'deployed:{n}', now=timezone.now()) for n in range(100)]; print('AT', 'ok')"
        )
        self.ask(enqueue)
        time.sleep(0.5)
        self.kill("shop-worker")
        self.start("shop-worker")
        self.ask(enqueue.replace("deployed:", "again:"))
        done = "from oscar_engage.models import Job; print('AT', Job.objects.filter(key__contains=':', state='done').count())"
        await_true(lambda: int(self.ask(done)) >= 190, "the worker does its work", patience=150)
        seen = self.ask(
            "from django.utils import timezone; from oscar_engage.dashboard.health.worker import is_worker_missing; "
            "print('AT', is_worker_missing(now=timezone.now()))"
        )
        if seen != "False":
            raise BrokenPromiseError("the dashboard does not see the worker")
        self.stop("shop-worker", signal.Signals[read_unit("shop-worker")["KillSignal"]])
        say(f"kill -9 of the worker and a start: {self.ask(done)} of 200 jobs done, the rest at the end of their lease")

    # Hands

    def read(self, path: str, *, headers: dict[str, str] | None = None) -> str:
        """Return a page."""
        request = urllib.request.Request(self.base + path, headers=headers or {})  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return str(answer.read().decode())

    def status(self, path: str) -> int:
        """Return the status of a page; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=30) as answer:  # noqa: S310 - our own server
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ask(self, code: str) -> str:
        """Run a line in the shop; return what it printed after ``AT``."""
        said = self.manage("shell", "--no-imports", "-c", code)
        return re.search(r"AT (\S+)", said)[1]  # type: ignore[index]

    @contextmanager
    def browsing(self) -> Iterator[Counter[int]]:
        """Have somebody read pages meanwhile; count the answers by status."""
        seen: Counter[int] = Counter()
        done = threading.Event()

        def browse() -> None:
            while not done.is_set():
                seen[self.status(self.product)] += 1

        reader = threading.Thread(target=browse)
        reader.start()
        try:
            yield seen
        finally:
            done.set()
            reader.join()


class Shopper:
    """A browser that agreed to everything."""

    def __init__(self, base: str) -> None:
        self.base, self.jar = base, CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.page = ""

    @property
    def cookies(self) -> str:
        """What the browser sends along."""
        return "; ".join(["consent=all", *(f"{cookie.name}={cookie.value}" for cookie in self.jar)])

    def send(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Ask for a page, or send a form; return status and text."""
        sent = {**SHOPPER, "Cookie": self.cookies, **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = urllib.request.Request(self.base + path, data, sent)  # noqa: S310 - our own server
        try:
            with self.browser.open(request, timeout=30) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def beat(self, path: str) -> int:
        """Tell what a page saw; return the status."""
        if not self.page:
            (self.page,) = re.findall(r'data-engage-page="([^"]+)"', self.send(path)[1])
        now = int(time.time() * 1000)
        told = [{"id": str(uuid.uuid4()), "kind": "page.viewed", "at": now, "data": {}}]
        beat = {"v": 1, "sent": now, "path": path, "fetch": True, "page": self.page, "signals": told}
        return self.send("/engage/beat/", json.dumps(beat).encode(), Content_Type="text/plain;charset=UTF-8")[0]

    def begin_chat(self, words: str) -> str:
        """Begin a chat; return its public id."""
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.send("/engage/chat/new/")[1]))
        fields |= {"message": words}
        text = self.send("/engage/chat/", urlencode(fields).encode())[1]
        found = re.search(r"/engage/chat/([\w-]{10,})/", text)
        if found is None:
            raise BrokenPromiseError(f"no chat began:\n{text[:2000]}")
        return found[1]

    def say(self, chat: str, words: str) -> None:
        """Write in the chat."""
        page = self.send(f"/engage/chat/{chat}/")[1]
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        status, _text = self.send(
            f"/engage/chat/{chat}/messages/",
            urlencode({**fields, "message": words, "body": words, "client_id": str(uuid.uuid4())}).encode(),
        )
        if status != 200:
            raise BrokenPromiseError(f"a message was answered with {status}")

    def listen(self, chat: str) -> "Stream":
        """Open the stream of the chat."""
        return Stream(self.base, f"/engage-push/{chat}/", self.cookies)


class Stream:
    """A stream of the push process, read as it comes."""

    def __init__(self, base: str, path: str, cookies: str) -> None:
        host, _, port = base.removeprefix("http://").partition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        head = {"Host": f"{host}:{port}", "Accept": "text/event-stream", "Cookie": cookies, **SHOPPER}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        first = self.socket.recv(65536)
        if b" 200 " not in first.split(b"\r\n")[0]:
            raise BrokenPromiseError(f"the stream was refused: {first[:200]!r}")

    def next_wake(self, began: float) -> float:
        """Return the seconds from ``began`` until something comes."""
        while b"data:" not in self.socket.recv(65536):
            pass
        return time.monotonic() - began

    def close(self) -> None:
        """Leave."""
        self.socket.close()


def say(words: str) -> None:
    """Say that a step is done."""
    print(f"- {words}", flush=True)


def read_unit(name: str) -> dict[str, str]:
    """Return what the unit says, by directive; the last word counts."""
    text = (ROOT / "deploy" / "systemd" / f"{name}.service").read_text()
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def limit_files(most: str | None) -> None:
    """Take the limit of open files, as systemd does before it runs a command."""
    if most is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(most), int(most)))


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int) -> None:
    """Return when somebody listens there."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    await_true(listens, f"somebody listens at {port}")


def await_true(is_so: Callable[[], Any], what: str, *, patience: float = PATIENCE) -> None:
    """Return when it is so; fail when it is not so for long."""
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            raise BrokenPromiseError(f"not within {patience} s: {what}")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
