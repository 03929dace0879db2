"""What has the shop learnt, what speaks, and what may a merchandiser do about it? The pages on learning."""
