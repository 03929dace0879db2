"""The life of an engagement: drafts beside the live words, approval, publishing, rolling back, and what changed in between.

In: an engagement as it is typed. Out: immutable versions, one of which shoppers read (``publish.publish``).
"""
