"""What is shown: a class and a template for each kind of widget.

In: a decision and its engagement. Out: the HTML fragment for the shopper's page (``render.render_offer``); the engagements that
may be offered now (``live.active_engagements``).
"""
