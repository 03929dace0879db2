"""What do other systems hear of us? Signed requests for events that they subscribed to, each at least once.

In: rows that came or changed (``sweep``), and hooks that say it sooner (``hear``). Out: jobs that post (``deliver``), a log.
"""
