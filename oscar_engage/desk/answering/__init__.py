"""What became of the automatic answers? They are offered for a question, and help; or an agent goes on with what was tried."""
