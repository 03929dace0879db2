"""What every other package may use: stable hashing, registries and ids. Plain Python, no Django, no I/O, no clock."""
