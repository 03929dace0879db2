"""Runs a session: ``python -m sandbox.drive.session --minutes 10``. The exit status is 0 only if every step and check held."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from sandbox.drive.session import closing, opening
from sandbox.drive.session.checks import check
from sandbox.drive.session.small_talk import chat_a_little
from sandbox.drive.session.stage import FLAGS, Stage, clock
from sandbox.drive.shop import RealShop
from sandbox.drive.shopper import SOON

SCRIPT: tuple[tuple[str, Callable[[Stage], str | None]], ...] = (
    ("the desk opens", opening.open_the_desk),
    ("an urgent note is left, and nobody answers", opening.leave_an_urgent_note),
    ("a shopper hesitates in the checkout", opening.hesitate),
    ("a chat with typing and a ready-made reply", opening.chat_and_type),
    ("an invitation is accepted", opening.accept_the_invitation),
    ("a product is sent", opening.send_a_product),
    ("an act is proposed and agreed", opening.act_for_the_shopper),
    ("a chat is handed on with a reason", opening.hand_on),
    ("an internal note, a look-on and a whisper", opening.note_and_whisper),
    ("a note is pinned to a place", closing.point_and_ask),
    ("what waits is dragged to another queue", closing.drag_to_another_queue),
    ("a shopper loses the network while writing", closing.lose_the_network),
    ("an agent's browser is killed", closing.kill_a_browser),
    ("a message is left instead of waiting", closing.leave_a_message_instead),
    ("a promise is broken and escalated", closing.escalate),
    ("a reply comes by mail, and a forged one", closing.reply_by_mail),
    ("chats are closed with topics and rated", closing.close_and_rate),
)
HURRIED = (opening.hesitate, opening.chat_and_type)
"""What is followed at once by the next step: an invitation stands for a minute."""
SETTINGS = {"ENGAGE_SHOP_HOLDOUT": "0"}


def main() -> int:
    """Start a shop, play the session, check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=10, help="how long; small talk fills what the steps leave (default 10)"
    )
    minutes = parser.parse_args().minutes
    folder = Path(tempfile.mkdtemp(prefix="engage-session-"))
    shop = RealShop(_made(folder / "shop"), dict(SETTINGS))
    shop.start()
    try:
        failures = _play(shop, folder, minutes)
    finally:
        shop.stop()
    if not failures:
        shutil.rmtree(folder)
        return 0
    sys.stdout.write(f"\n{len(failures)} failed; the shop and pictures are in {folder}\n" + "\n".join(failures) + "\n")
    return 1


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _play(shop: RealShop, folder: Path, minutes: float) -> list[str]:
    expect.set_options(timeout=SOON)
    chromium = os.environ.get("ENGAGE_CHROMIUM", "/usr/bin/chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        stage = Stage(shop, playwright, browser, chromium, folder)
        stage.tell(f"the session begins at {clock(time.time())}, for {minutes:g} minutes")
        try:
            for number, (words, act) in enumerate(SCRIPT, start=1):
                stage.step(words, act)
                _fill(stage, until=0 if act in HURRIED else minutes * 60 * number / len(SCRIPT))
            check(stage)
        finally:
            stage.close()
        for words, figure in stage.figures.items():
            stage.tell(f"{words}: {figure}")
        return stage.failures


def _fill(stage: Stage, *, until: float) -> None:
    """Have small talk until so many seconds of the session are over; where one fails, the script goes on."""
    before = len(stage.failures)
    while time.monotonic() - stage.began < until and len(stage.failures) == before:
        chat_a_little(stage)


if __name__ == "__main__":
    sys.exit(main())
