"""What is a visit in numbers? A vector with a fixed schema, from the state of the visit and nothing else. Plain Python."""
