"""The acts as Oscar does them: with its own forms and views, in the shopper's own request, basket and strategy."""
