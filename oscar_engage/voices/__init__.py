"""How do shopper and agent hear and see each other? From browser to browser, after a yes; we carry two messages, no voice."""
