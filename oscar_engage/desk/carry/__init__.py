"""What a message can carry beside its words: a ready-made text filled in, a card of the shop's, files."""
