"""Who answers: agents and their presence, conversations and messages.

In: a shopper's question (``open``), messages from both sides (``post``), an agent's presence. Out: conversations in their order
(``queries``), what waits for a shopper (``waiting``), mails with a link to the answer (``mail``).
"""
