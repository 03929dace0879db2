"""How do rules travel between shops? Bundles: their shape, their export, and an import that is planned before it is done."""
