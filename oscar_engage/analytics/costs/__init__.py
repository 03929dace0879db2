"""What does helping cost, and what does a unit of money bring? Costs by day-from periods, arithmetic in hundredths.

In: what the shop says an hour, a contact and a voucher cost (``models``, ``store``), the counts of the service rollup, and the
vouchers' own (``vouchers``). Out: what it cost in some days (``read``), and per incremental order or unit spent (``ratio``).
"""
