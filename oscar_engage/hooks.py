"""What do we tell the shop? The ``django.dispatch.Signal``s we send; all are sent robustly, after our own commit.

``decision_recorded``
    An eligible moment was recorded, shown or not.
    Keyword arguments: ``decision`` (:class:`~oscar_engage.decisions.models.Decision`).
``conversation_opened``
    A shopper asked: a note or a chat. Keyword arguments: ``conversation``.
``message_posted``
    A message was added to a conversation. Keyword arguments: ``conversation``, ``message``.
``promise_warned``
    Three quarters of the time in which an answer, or a solution, was promised are over. Keyword arguments: ``conversation``,
    ``promise`` (``"answer"`` or ``"solution"``).
``promise_breached``
    It was not kept. Each promise sends it once. Keyword arguments: ``conversation``, ``promise`` (the same).
``rule_published``
    A version of a rule went live. Keyword arguments: ``rule``, ``version``, ``user``.
``mail_unsubscribed``
    Somebody ended the mails about baskets left behind, by the link in one; for shops that keep the permission themselves.
    Keyword arguments: ``customer_id`` (``None`` when we do not know any more whom the mail went to).

The return values and exceptions of receivers are ignored (and logged).
"""

from django.dispatch import Signal

decision_recorded = Signal()
conversation_opened = Signal()
message_posted = Signal()
promise_warned = Signal()
promise_breached = Signal()
rule_published = Signal()
mail_unsubscribed = Signal()
