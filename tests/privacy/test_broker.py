"""What does a message broker keep of a person? It is told names of jobs, and they say nothing."""

import uuid
from pathlib import Path

from tests.jobs.test_huey import run

CODE = """
import uuid
from django.utils import timezone
from tests.tables import make_tables
make_tables()
from huey.contrib.djhuey import HUEY
from oscar_engage.models import Visitor
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import begin_erasure
from oscar_engage.privacy.withdraw import withdraw_consent
now, visitor_id = timezone.now(), uuid.UUID("{visitor_id}")
Visitor.objects.create(pk=visitor_id, created_at=now, last_seen_at=now)
withdraw_consent(visitor_id, now=now)
begin_erasure(make_person([visitor_id], customer_ids=[918273645], emails=["ada@example.com"]), actor=None, now=now)
print(sorted(task.args[0].split(":")[0] for task in HUEY.pending()))
"""


def test_huey__withdrawal_and_erasure_nudged__its_store_names_nobody(tmp_path: Path) -> None:
    queue, visitor_id = tmp_path / "huey.db", uuid.uuid4()

    said = run(CODE.replace("{visitor_id}", str(visitor_id)), settings="tests.jobs.huey_settings", queue=queue)

    assert said == "['privacy.erase', 'visitors.forget']"
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    traces = (str(visitor_id), visitor_id.hex, "918273645", "ada@example.com")
    assert [trace for trace in traces if trace.encode() in stored] == []
