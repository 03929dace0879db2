"""How long may a shopper hesitate before the shop's rules act? Apart, so that who drives a browser needs no Django for it."""

#: Seconds without activity after which the balloon (at the address), then the invitation (at the delivery) appears.
BALLOON_AFTER, INVITATION_AFTER = 15, 20
