"""The shop's own pages."""

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import oscar_engage.helpcenter.blocks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoryPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [("paragraph", 0), ("part_for_a_segment", 4)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.RichTextBlock", (), {}),
                            1: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": oscar_engage.helpcenter.blocks.list_segments,
                                    "help_text": "Whom the first content is for.",
                                    "label": "Segment",
                                },
                            ),
                            2: ("wagtail.blocks.RichTextBlock", (), {"label": "For those in the segment"}),
                            3: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "help_text": "What the page is sent with. Make both about the same size.",
                                    "label": "For everybody else",
                                    "required": False,
                                },
                            ),
                            4: ("wagtail.blocks.StructBlock", [[("segment", 1), ("personal", 2), ("default", 3)]], {}),
                        },
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
    ]
