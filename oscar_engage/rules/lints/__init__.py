"""What is wrong, or odd, with a rule that can be read? Found without judging anybody."""
