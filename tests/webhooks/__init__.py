"""Are other systems told, signed, each event at least once, and nobody else?"""
