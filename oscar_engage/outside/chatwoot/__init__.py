"""How does a Chatwoot do all that? By its API, in an inbox of the kind "API", and by the requests that such an inbox sends.

Documented at https://developers.chatwoot.com (accounts, contacts, conversations, messages, inboxes, agents) and in its guide to
webhooks; the signature of an API inbox is of its pull request 13892 (March 2026).
"""

from oscar_engage.outside.chatwoot.desk import Chatwoot

__all__ = ["Chatwoot"]
