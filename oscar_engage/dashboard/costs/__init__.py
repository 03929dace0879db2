"""What does it cost, and what does it bring? The page "Costs", and the form in which a shop says what things cost."""
