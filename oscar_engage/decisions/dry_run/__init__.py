"""What would a draft have done? Recorded visits, judged again with the draft among the live rules, as beats judge them.

In: a rule's version and a number of days. Out: a row of :class:`models.DryRun` that a worker fills, chunk by chunk. Nothing
that a report counts is written: no decision, no arm.
"""
