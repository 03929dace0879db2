"""The shop's side: middleware, the beat, the shopper's pages and fragments."""
