"""What answers a question at once? Passages of whatever helps shoppers to read, offered by sources that register here."""
