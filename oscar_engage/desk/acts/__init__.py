"""What an agent does for a shopper: proposed in the chat, done in the shopper's own request once the shopper said yes."""
