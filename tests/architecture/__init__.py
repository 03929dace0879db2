"""The house keeps its own rules: layers, sizes, names, forbidden constructs."""
