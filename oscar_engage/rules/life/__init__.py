"""The life of a rule: drafts, approval, publishing, rolling back, archiving, and what changed in between."""
