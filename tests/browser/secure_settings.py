"""The sandbox as a shop behind nginx by HTTPS: with the settings that docs/voices.md says, word by word."""

import re
from pathlib import Path

from sandbox.settings import *  # noqa: F403 - the same shop

HOW_TO = (Path(__file__).resolve().parents[2] / "docs" / "voices.md").read_text()
ALLOWED_HOSTS = ["shop.example"]
SITE_URL = "https://shop.example"
(_block,) = re.findall(r"^```python\n(SECURE_.*?)\n```$", HOW_TO, re.M | re.S)
exec(_block)  # noqa: S102 - our own documentation, which this is to follow
