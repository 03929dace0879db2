"""What agents do for shoppers, beside the conversation."""
