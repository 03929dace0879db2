"""The sandbox as a shop where one can talk, with a push process beside it or without, and browsers with made-up cameras."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.chat_servers import push_server, serving
from benchmarks.cobrowse_front import Front
from sandbox.drive.relay import Relay
from sandbox.drive.shop import RealShop

FAKE_MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
REDIS = os.environ.get("ENGAGE_TEST_REDIS", "redis://127.0.0.1:6379/9")


def has_redis() -> bool:
    """Whether a Redis answers at :data:`REDIS`."""
    host, _, port = REDIS.split("//")[1].split("/")[0].partition(":")
    with socket.socket() as probe:
        return find_spec("redis") is not None and probe.connect_ex((host, int(port or 6379))) == 0


def build(folder: Path, relay: Relay | None, *, is_pushed: bool) -> RealShop:
    """Return a shop that was not started; all that is said goes through ``relay`` where there is one."""
    settings = {"ENGAGE_SHOP_HOLDOUT": "0", "ENGAGE_LEARNING": "0", "ENGAGE_VOICES": "1"}
    if relay is not None:
        settings |= {"ENGAGE_TURN_URL": relay.url, "ENGAGE_TURN_SECRET": relay.secret}
    if is_pushed:
        settings["ENGAGE_PUSH_REDIS"] = REDIS
    return RealShop(folder, settings)


@contextmanager
def pushing(shop: RealShop) -> Iterator[None]:
    """Serve the streams of a shop that runs below its own address until the block ends, as a web server does."""
    before = dict(os.environ)
    os.environ.update(shop.environment)
    try:
        with serving(*push_server()) as (port, _pid):
            front = Front(shop.port, port)
            shop.address = f"http://127.0.0.1:{front.port}"
            yield
            front.stop()
    finally:
        os.environ.clear()
        os.environ.update(before)


__all__ = ["FAKE_MEDIA", "build", "has_redis", "pushing"]
