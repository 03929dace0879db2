"""Did the reports find what was true? The page on the last simulated weeks."""
