"""The pages of calls: dialling and what came of it, the calls to come, and how a queue takes them."""
