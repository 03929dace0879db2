"""What did this person do before now? The part of the log that live rules ask about, and what it answers."""
