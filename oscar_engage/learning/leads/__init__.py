"""What kind of shopper is this, and may we spend our help on them?"""
