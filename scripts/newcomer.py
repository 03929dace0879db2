"""Does the wheel work in a shop with nothing but Oscar, by the README's own lines, and does it leave again without a trace?

``python scripts/newcomer.py [--python PYTHON] [--django RANGE] [--postgres]`` builds the wheel, makes a virtual environment
with Django, Oscar and the wheel, starts from ``scripts/bare_shop``, adds what the README's "Add it to your shop" says, block
by block, walks the shop and the dashboard over HTTP, and takes it out again by "Take it out". Each step says what it did; the
first that fails ends it with status 1.
"""

import argparse
import ast
import difflib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/catalogue/", "/basket/", "/accounts/login/")
EACH_TIME = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|<meta name="created"[^>]+>')
PATIENCE = 60  # seconds until the shop's own server answers


class BrokenPromiseError(Exception):
    """A step that did not do what the README promises."""


def main() -> int:
    """Walk the whole way; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--python", default=sys.executable, help="which Python the shop has")
    options.add_argument("--django", default="Django", help='which Django, such as "Django>=6.0,<6.1"')
    options.add_argument("--postgres", action="store_true", help="on the PostgreSQL of scripts/with-postgres")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="newcomer-") as folder:
        try:
            Newcomer(Path(folder), chosen.python, chosen.django, postgres=chosen.postgres).walk()
        except BrokenPromiseError as failure:
            print(f"FAILED: {failure}", file=sys.stderr)
            return 1
    print("A bare shop took it in, sold on, and was rid of it again.")
    return 0


class Newcomer:
    """Somebody with an Oscar shop and our README."""

    def __init__(self, folder: Path, python: str, django: str, *, postgres: bool) -> None:
        self.folder, self.python, self.django = folder, python, django
        self.shop = folder / "shop-folder"
        self.environment = {**os.environ, "PYTHONWARNINGS": "default", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        if postgres:
            self.environment["BARE_SHOP_DATABASE"] = os.environ["ENGAGE_TEST_DB_NAME"]

    def walk(self) -> None:
        """Install, compare, use, remove, compare."""
        wheel = self.build_wheel()
        self.make_bare_shop()
        tables, pages, packages = self.tables(), self.read_pages(), self.packages()
        self.pip_by_the_readme(wheel)
        self.add_by_the_readme()
        self.use()
        self.take_out_by_the_readme()
        if (remains := self.packages()) != packages:
            raise BrokenPromiseError(f"packages differ afterwards: {sorted(remains ^ packages)}")
        if (left := self.tables()) != tables:
            raise BrokenPromiseError(f"tables differ afterwards: {sorted(left ^ tables)}")
        for path, page in self.read_pages().items():
            if page != pages[path]:
                lines = difflib.unified_diff(pages[path].splitlines(), page.splitlines(), "before", "after", n=0, lineterm="")
                raise BrokenPromiseError("\n".join([f"{path} is not what it was:", *lines]))
        print("- packages, tables and pages are what they were before")

    # The shop as it was

    def build_wheel(self) -> Path:
        """Build the wheel from a copy of what belongs to it."""
        source = self.folder / "source"
        source.mkdir()
        for name in ("setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md"):
            shutil.copy(ROOT / name, source)
        shutil.copytree(ROOT / "oscar_engage", source / "oscar_engage", ignore=shutil.ignore_patterns("__pycache__"))
        self.run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(self.folder), str(source))
        (wheel,) = self.folder.glob("*.whl")
        print(f"- built {wheel.name}")
        return wheel

    def make_bare_shop(self) -> None:
        """Make the environment and the shop, with one product and its owner."""
        self.run(self.python, "-m", "venv", str(self.folder / "venv"))
        packages = [self.django, "django-oscar[sorl-thumbnail]>=4.2,<5"]
        if "BARE_SHOP_DATABASE" in self.environment:
            packages.append("psycopg[binary]")
            # The database's own commands would be one more thing to have: what Python has is enough.
            self.in_postgres("create")
        self.pip("install", *packages)
        shutil.copytree(ROOT / "scripts" / "bare_shop", self.shop)
        self.manage("migrate", "--verbosity", "0")
        said = self.manage("shell", "--no-imports", "-c", "from shop.goods import stock; print('AT', stock())")
        self.product = re.search(r"AT (\S+)", said)[1]  # type: ignore[index]
        print(f"- a bare shop stands, with a product at {self.product}")

    def in_postgres(self, what: str) -> None:
        """Create or drop the database, as our own environment can."""
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is asked for

        with psycopg.connect(
            host=os.environ["ENGAGE_TEST_DB_HOST"],
            port=os.environ["ENGAGE_TEST_DB_PORT"],
            user=os.environ["ENGAGE_TEST_DB_USER"],
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.environment["BARE_SHOP_DATABASE"]}"')
            if what == "create":
                connection.execute(f'CREATE DATABASE "{self.environment["BARE_SHOP_DATABASE"]}"')

    def tables(self) -> set[str]:
        """Return the names of all tables."""
        code = "from django.db import connection as c; print('TABLES', *c.introspection.table_names())"
        said = self.manage("shell", "--no-imports", "-c", code)
        return set(next(line for line in said.splitlines() if line.startswith("TABLES")).split()[1:])

    def packages(self) -> set[str]:
        """Return what is installed, each with its version."""
        return set(self.shell("pip freeze").splitlines())

    # What the README says

    def pip_by_the_readme(self, wheel: Path) -> None:
        """Do the first lines of "Add it to your shop", with the wheel in the place of the name that no index knows yet."""
        for line in re.findall(r"^\$ (pip .+)$", "\n".join(readme_blocks("Add it to your shop")), re.MULTILINE):
            self.shell(line.replace("pip install django-oscar-engage", f"pip install {wheel}"))

    def add_by_the_readme(self) -> None:
        """Do each step of "Add it to your shop" with the lines that stand there."""
        blocks = readme_blocks("Add it to your shop")
        settings = self.shop / "shop" / "settings.py"
        text = settings.read_text()
        for block in blocks:
            if block.startswith("INSTALLED_APPS"):
                text += f"\nINSTALLED_APPS += {named_in(block)!r}\n"
            elif block.startswith("MIDDLEWARE"):
                text += f"\nMIDDLEWARE[:0] = {named_in(block)!r}\n"
            elif "urlpatterns" in block:
                keep = '    path("i18n/", include("django.conf.urls.i18n")),\n    path("admin/", admin.site.urls),\n'
                added = block.replace("    # ...\n", keep).replace(
                    "from django.urls", "from django.contrib import admin\nfrom django.urls"
                )
                (self.shop / "shop" / "urls.py").write_text(added)
            elif block.startswith("# myshop/consent.py"):
                (self.shop / "myshop").mkdir()
                (self.shop / "myshop" / "__init__.py").touch()
                (self.shop / "myshop" / "consent.py").write_text(block)
            elif block.startswith("# settings.py"):
                text += f"\n{block}\n"
        # With cron instead of huey, says step 6.
        text += '\nSILENCED_SYSTEM_CHECKS = ["oscar_engage.W007"]\n'
        settings.write_text(text)
        for command in re.findall(r"^\$ python manage\.py (\S+)$", "\n".join(blocks), re.MULTILINE):
            said = self.manage(command)
            if command == "check" and "no issues" not in said:
                raise BrokenPromiseError(f"check says:\n{said}")
        self.manage("engage_tick")
        self.manage("makemigrations", "--check", "--dry-run", "oscar_engage")
        print("- the README's lines are in; migrate, check and engage_tick went through")

    def use(self) -> None:
        """Walk the shop as a shopper and the dashboard as its owner."""
        with self.serve() as base:
            for path in (*PAGES, self.product):
                page = visit(base + path)
                if "oscar_engage" not in page:
                    raise BrokenPromiseError(f"{path} carries nothing of ours")
            (script,) = set(re.findall(r'src="([^"]*engage[^"]*\.js)"', page))
            visit(base + script)
            owner = log_in(base)
            links = set(re.findall(r'href="(/dashboard/engage/[^"#?]*)"', visit(base + "/dashboard/", owner)))
            if not links:
                raise BrokenPromiseError("the dashboard's menu does not know us")
            for link in sorted(links):
                visit(base + link, owner)
        print(f"- the shop's pages carry our script; {len(links)} pages of the dashboard's menu answer")

    def take_out_by_the_readme(self) -> None:
        """Do what "Take it out" says: tables first, then the lines, then the package."""
        for line in readme_blocks("Take it out"):
            for command in re.findall(r"^\$ (.+)$", line, re.MULTILINE):
                if command.startswith("python manage.py "):
                    self.manage(*command.split()[2:])
                elif command.startswith("pip "):
                    for name in ("settings.py", "urls.py"):
                        shutil.copy(ROOT / "scripts" / "bare_shop" / "shop" / name, self.shop / "shop" / name)
                    self.shell(command)
        self.manage("check")
        print("- taken out again")

    # Hands

    def run(self, *command: str, cwd: Path | None = None) -> str:
        """Run a command; return what it printed, or fail with it."""
        done = subprocess.run(command, cwd=cwd, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BrokenPromiseError(f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}")
        return done.stdout + done.stderr

    def shell(self, line: str) -> str:
        """Run a line as typed in the shop's folder and environment by somebody who answers yes; return what it printed."""
        path = f"{self.folder / 'venv/bin'}{os.pathsep}{self.environment['PATH']}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.shop,
            env={**self.environment, "PATH": path},
            input="y\n",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BrokenPromiseError(f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}")
        return done.stdout

    def pip(self, *arguments: str) -> None:
        """Run the shop's pip."""
        self.run(str(self.folder / "venv/bin/python"), "-m", "pip", arguments[0], "--quiet", *arguments[1:])

    def manage(self, *arguments: str) -> str:
        """Run a command of the shop."""
        return self.run(str(self.folder / "venv/bin/python"), "manage.py", *arguments, cwd=self.shop)

    def read_pages(self) -> dict[str, str]:
        """Return the shop's pages as a browser without cookies gets them, without what is new each time."""
        with self.serve() as base:
            return {path: EACH_TIME.sub("", visit(base + path)) for path in (*PAGES, self.product)}

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve the shop; give its address."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = self.folder / "server.log"
        with log.open("w") as out:
            server = subprocess.Popen(
                [self.folder / "venv/bin/python", "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
                cwd=self.shop,
                env=self.environment,
                stdout=out,
                stderr=out,
            )
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(PATIENCE * 5):
                if answers(base) or server.poll() is not None:
                    break
                time.sleep(0.2)
            if not answers(base):
                raise BrokenPromiseError(f"the shop does not answer:\n{log.read_text()[-3000:]}")
            yield base
            if "Traceback" in log.read_text():
                raise BrokenPromiseError(f"the server says:\n{log.read_text()[-5000:]}")
        finally:
            server.terminate()
            server.wait(10)


def readme_blocks(section: str) -> list[str]:
    """Return the code blocks below a heading of the README, in their order."""
    text = (ROOT / "README.md").read_text()
    part = re.split(r"^## ", text.split(f"\n## {section}\n")[1], flags=re.MULTILINE)[0]
    return re.findall(r"^```\w+\n(.*?)\n```$", part, re.MULTILINE | re.DOTALL)


def named_in(block: str) -> list[str]:
    """Return the strings in a list that a block assigns."""
    value = ast.parse(block).body[0].value  # type: ignore[attr-defined]
    return [str(name) for name in ast.literal_eval(value)]


def answers(base: str) -> bool:
    """Whether somebody listens there."""
    try:
        urllib.request.urlopen(f"{base}/robots.txt", timeout=5)  # noqa: S310 - our own server
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def visit(url: str, browser: urllib.request.OpenerDirector | None = None) -> str:
    """Return a page; anything but 200 fails."""
    try:
        with (browser or urllib.request.build_opener()).open(url, timeout=60) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise BrokenPromiseError(f"{url} answered {error.code}:\n{error.read().decode()[:3000]}") from error


def log_in(base: str) -> urllib.request.OpenerDirector:
    """Return a browser that the shop's owner has logged in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = visit(f"{base}/dashboard/login/", browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]  # type: ignore[index]
    sent = urlencode({"csrfmiddlewaretoken": token, "username": "owner@shop.example", "password": "kettle-of-a-check"})
    with browser.open(f"{base}/dashboard/login/", sent.encode(), timeout=60) as answer:
        if "/login/" in answer.url:
            raise BrokenPromiseError("the owner could not log in")
    return browser


if __name__ == "__main__":
    sys.exit(main())
