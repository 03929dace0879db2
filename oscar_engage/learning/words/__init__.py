"""What does a model say, for people? Its reasons as phrases, for staff and for the shopper it is about."""
