"""What do agents tell each other about a conversation, where no shopper reads it? Notes, whispers, reasons."""
