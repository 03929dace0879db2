"""What was there to read at a moment that is past? The browser's clocks, the visit, the offers, rebuilt from records."""
