"""Ready-made answers to ``CONSENT`` for shops whose banner is a known one; each reads the shop's ``CONSENT_GROUPS``."""
