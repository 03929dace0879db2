"""Calls: a shopper leaves a number, and an agent calls as soon as one is free, or in a slot of the queue's opening hours.

In: a number, a wish for now or a slot (``ask``), and what became of each try (``settle``). Out: a conversation of kind ``call``
that waits for an agent when its time has come (``due``), mails to the shopper, and the number dialled by a provider.
"""
