"""Talking with a shopper at the desk: asked for or answered, ended, or moved to a room elsewhere."""
