"""Does help do harm elsewhere? Returns, cancellations, complaints and page speed, treated against control.

``measure`` says what is summed up of those who came into an experiment (``lift.entries``), ``count`` fills the rollups,
``report`` compares. What of an order came back is marked on it by ``shop.returns``.
"""
