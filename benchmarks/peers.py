"""Which rules engines do we compare ours with? Packages from PyPI that nobody but this measurement needs.

They are the extra ``bench`` of ``setup.cfg``. Where they are not installed they are put into a folder of the checkout, which
only the measurement sees.
"""

import configparser
import importlib.util
import subprocess
import sys

from benchmarks import shop

FOLDER = shop.ROOT / ".bench"
_MODULES = ("datalogic_py", "zen", "rule_engine")


def ensure_peers() -> None:
    """Make the peers importable; needs the network the first time."""
    if FOLDER.is_dir():
        sys.path.append(str(FOLDER))
    if any(importlib.util.find_spec(name) is None for name in _MODULES):
        print("Installing the engines to compare with into .bench …", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(FOLDER)]
        subprocess.run([*command, *wanted()], check=True)
        sys.path.append(str(FOLDER))
        importlib.invalidate_caches()


def wanted() -> list[str]:
    """Return what the extra ``bench`` lists."""
    config = configparser.ConfigParser()
    config.read(shop.ROOT / "setup.cfg")
    return config["options.extras_require"]["bench"].split()
