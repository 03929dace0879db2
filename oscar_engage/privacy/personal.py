"""What does an erasure know about its person? Who it is, until its last step."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Ending, Retention, Rows, personal_data
from oscar_engage.privacy.models import Erasure


def _find(person: Person) -> Rows:
    """Return nothing: an erasure is not found by the erasure that it is."""
    return Erasure.objects.none()


personal_data(
    "erasures",
    Erasure,
    label=_("erasures that go on"),
    personal=("person",),
    impersonal=("id", "origin", "erased", "part", "begun_at", "finished_at"),
    find=_find,
    ending=Ending.KEPT,
    why=_("An erasure needs to know its person while it goes on, and forgets the person with its last step."),
    retention=Retention(reason="whom it is about until its last step; that it happened, for good"),
)
