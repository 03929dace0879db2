"""The append-only trail of what members of staff did."""
