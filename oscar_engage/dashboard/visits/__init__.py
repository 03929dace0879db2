"""What does engage see now? The running visits, and everything that is known of one of them, for staff."""
