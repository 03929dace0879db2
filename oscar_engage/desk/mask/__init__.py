"""What must we not keep of what people type? A text comes in; it goes out with card numbers, IBANs and card codes masked.

Each module finds one of them and gives the places. None goes over the text more often than a fixed number of times: each
regular expression stands for single characters or fixed lengths, and what looks ahead does so by a fixed number of steps.
"""
