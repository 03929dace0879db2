"""What is offered besides, where the shop is filled with simulated shoppers? A chat, to whoever looks round."""

from sandbox.demo.engagements import Content, Targeting

CONTENTS = (
    Content(
        slug="looking-round",
        widget="invitation",
        title="Shall we look for it together?",
        body="Tell somebody who knows every shelf what it is for, and how cold it gets there.",
        button="Chat with us",
        german=(
            "Sollen wir gemeinsam suchen?",
            "Sagen Sie jemandem, der jedes Regal kennt, wofür es ist und wie kalt es dort wird.",
        ),
        german_button="Mit uns chatten",
    ),
)

RULES = (
    Targeting(
        name="Looks round: invite to a chat",
        priority=35,
        do="invite.chat",
        engagement="looking-round",
        conditions=(
            ("visit.pages", ">=", 6),
            ("page.visible_seconds", ">=", 10),
        ),
    ),
)
