"""Who is told of what? The pages of webhooks."""
