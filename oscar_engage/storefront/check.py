"""Is this fact of the shop's own server a signal? The check of what waits in a buffer, with payment secrets masked."""

from oscar_engage.core.ids import new_id_at
from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.signals.buffer import Entry
from oscar_engage.signals.counters import count
from oscar_engage.signals.ingest import RejectedSignalError, check_signal
from oscar_engage.signals.kinds import LONGEST_PHRASE
from oscar_engage.signals.signal import Signal


def check_entry(entry: Entry) -> Signal | None:
    """Return ``entry`` as a signal; ``None``, counted with its reason, when it cannot be taken."""
    data = entry.data
    if "query" in data:  # a search box takes whatever was on the clipboard
        data = {**data, "query": mask_secrets(str(data["query"]))[:LONGEST_PHRASE]}
    try:
        payload = check_signal(entry.kind, data, from_browser=False)
    except RejectedSignalError as error:
        count("rejected", error.reason)
        return None
    return Signal(kind=entry.kind, payload=payload, at=entry.at, event_id=new_id_at(entry.at))
