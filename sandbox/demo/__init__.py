"""The demo shop's contents: what it sells, who works there, who bought what."""
