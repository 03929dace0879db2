"""How does the shop learn unattended? Trains, compares, promotes on evidence, rolls back, and says what it waits for."""
