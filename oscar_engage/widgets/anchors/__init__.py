"""Where may an offer point to? Slots of Oscar's templates, the shop's own marks, and places that staff picked on the live page.

In: a description that the staff's browser made of an element, reports of shoppers' browsers. Out: what an offer carries so that
the place is found again, and how well each place is found. The finding itself is the browser's: ``frontend/src/picked.js``.
"""
