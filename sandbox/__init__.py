"""A whole outdoor shop to try django-oscar-engage in: catalogue, people, payment, consent and a bar that shows its work."""
