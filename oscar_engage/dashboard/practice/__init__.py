"""The pages on which agents practise, see how it went, and on which supervisors see all of them."""
