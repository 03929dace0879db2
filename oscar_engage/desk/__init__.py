"""Who answers: agents, their presence, conversations and messages."""
