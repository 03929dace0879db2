"""The one mail about a basket that was left behind: who agreed to it, who objected, what was sent.

In come baskets that the sweep found abandoned; out go jobs, and the rows by which nobody hears of one basket twice. Who sends
the mail, with Oscar's own means, is ``shop.reminder``.
"""
