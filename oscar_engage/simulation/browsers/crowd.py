"""How do several shoppers walk at once? A few threads, each with a browser of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from oscar_engage.simulation.browsers.walk import Walked, walk
from oscar_engage.simulation.parameters import SHOP
from oscar_engage.simulation.world.shopper import draw_shopper

AT_ONCE = 8


def send_crowd(address: str, *, shoppers: int, seed: int, say: Callable[[str], None]) -> Walked:
    """Send ``shoppers`` of the world with this seed to the shop at ``address``, and return what all of them did."""
    total: dict[str, int] = {}
    crowd = [draw_shopper(number, seed=seed, parameters=SHOP) for number in range(shoppers)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        walks = threads.map(lambda one: walk(one, address, seed=seed, parameters=SHOP), crowd)
        for number, walked in enumerate(walks, start=1):
            for name, count in asdict(walked).items():
                total[name] = total.get(name, 0) + count
            say(f"shopper {number} of {shoppers}: {walked.pages} pages, {walked.beats} beats, {walked.offers} offers")
    return Walked(**total)
