"""What does a shop do without some of the modules, or without any of us?"""
