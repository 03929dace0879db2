"""What do the auditors say? ``bandit`` of our source, ``pip-audit`` of what is installed; a finding has a reason, or it fails.

``python scripts/audit.py [--offline]``. Bandit needs nothing but itself and is part of ``make lint``. pip-audit asks the
package index about known vulnerabilities; an index that does not know, or does not answer, is said in capitals.
"""

import importlib.util
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

REVIEWED: dict[tuple[str, str], str] = {
    ("dashboard/engagements/preview.py", "B308"): "what a template of ours made, escaped there",
    ("desk/calls/ask.py", "B403"): "our own function shelve, not the module",
    ("desk/calls/settle.py", "B101"): "for the type checker; the form has refused anything else before",
    ("desk/pages/read.py", "B308"): "the copy of a page, stripped when it came and again here",
    ("learning/nightly/child.py", "B404"): "starts our own command",
    ("learning/nightly/child.py", "B603"): "our own interpreter and module; no word comes from outside",
    ("learning/nightly/launch.py", "B404"): "starts our own command",
    ("learning/nightly/launch.py", "B603"): "our own command; arguments are names of tasks",
    ("simulation/world/luck.py", "B311"): "made-up shoppers have no secrets, and the same seed makes the same ones",
    ("statements/guarded.py", "B608"): "names of tables and columns of ours, from their models; values are parameters",
    ("statements/limits.py", "B608"): "the name of a table of ours, from its model",
    ("statements/rows.py", "B608"): "names of tables and columns of ours, from their models; values are parameters",
    ("storefront/nonce.py", "B308"): "tags of ours, escaped when they were built, and the nonce, escaped here",
    ("storefront/personal_part.py", "B101"): "for the type checker; Django's parser has returned nothing else",
    ("storefront/preview.py", "B308"): "what a template of ours made, escaped there",
}
"""File and test of bandit, with why it is well. B703 is B308 said twice."""

SAYS_AGAIN = {"B703"}

VULNERABLE: dict[str, str] = {}
"""Id of a known vulnerability in what we need, with why it does not reach us, and until when that was looked at."""


def main(arguments: list[str]) -> int:
    """Ask both; return the exit status."""
    held = [audit_source()]
    if "--offline" not in arguments:
        held.append(audit_packages())
    return 0 if all(held) else 1


def audit_source() -> bool:
    """Compare what bandit finds with what was reviewed; a reason for what is gone is one too many."""
    if importlib.util.find_spec("bandit") is None:
        return _did_not_run("bandit is not installed: pip install bandit")
    command = [sys.executable, "-m", "bandit", "-q", "-r", "oscar_engage", "-x", "oscar_engage/migrations", "-f", "json"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    results = json.loads(said)["results"]
    found = Counter(
        (str(Path(one["filename"]).relative_to("oscar_engage")), one["test_id"])
        for one in results
        if one["test_id"] not in SAYS_AGAIN
    )
    for place in sorted(set(found) - set(REVIEWED)):
        lines = [
            one["line_number"] for one in results if (one["filename"].removeprefix("oscar_engage/"), one["test_id"]) == place
        ]
        print(f"NOT REVIEWED: {place[0]} {place[1]}, lines {lines}")
    for place in sorted(set(REVIEWED) - set(found)):
        print(f"NOT THERE ANY MORE: {place[0]} {place[1]}: take it out of scripts/audit.py")
    print(f"bandit: {found.total()} findings in {len(found)} places, each with a reason in scripts/audit.py")
    return set(found) == set(REVIEWED)


def audit_packages() -> bool:
    """Ask about known vulnerabilities of what is installed here."""
    if importlib.util.find_spec("pip_audit") is None:
        return _did_not_run("pip-audit is not installed: pip install pip-audit")
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "-f", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return _did_not_run(f"pip-audit could not ask: {done.stderr.strip().splitlines()[-1:]}")
    asked = [package for package in packages if "skip_reason" not in package]
    if len(asked) * 2 < len(packages):
        return _did_not_run(f"the index knows nothing of {len(packages) - len(asked)} of {len(packages)} packages")
    ids = {vulnerability["id"]: package["name"] for package in asked for vulnerability in package["vulns"]}
    for name in sorted(set(ids) - set(VULNERABLE)):
        print(f"VULNERABLE: {ids[name]}: {name}")
    print(f"pip-audit: {len(asked)} packages, {len(ids)} known vulnerabilities, {len(set(ids) - set(VULNERABLE))} unexplained")
    return not set(ids) - set(VULNERABLE)


def _did_not_run(why: str) -> bool:
    """Say so in capitals. It fails nothing here: whoever releases reads it (docs/contributing.md)."""
    print(f"!!!!! DID NOT RUN: {why}", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
