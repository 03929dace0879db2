"""A page that an editor of the shop wrote in Wagtail, with a part for a segment; what is there already stays as it is."""

from django.conf import settings
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, Site

from sandbox.pages.models import StoryPage

SLUG = "packing-list"
_BODY = [
    {
        "type": "paragraph",
        "value": "<p>Two nights out, one rucksack: what we take along, from the stove to the second pair of socks.</p>",
    },
    {
        "type": "part_for_a_segment",
        "value": {
            "segment": "still-looking",
            "personal": "<p>Still looking for the tent to go with it? Ask us: we have slept in every one of them.</p>",
            "default": "<p>The list starts with the tent. Ours all have a second door, for the way out at night.</p>",
        },
    },
    {"type": "paragraph", "value": "<p>The rest is a matter of taste: a book, a harmonica, chocolate.</p>"},
]


def load_pages() -> None:
    """Put the page below the start of Wagtail's own site, at ``/packing-list/``."""
    if not StoryPage.objects.filter(slug=SLUG).exists():
        body = StoryPage._meta.get_field("body").to_python(_BODY)
        _home().add_child(instance=StoryPage(title="A packing list for two nights", slug=SLUG, body=body))


def _home() -> Page:
    """Return the start of the default site; Wagtail's migrations make one, tests without them none."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Locale.objects.get_or_create(language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE))
        home = Page.add_root(instance=Page(title="Root", slug="root"))
        site = Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return site.root_page
