"""Does a program get what its key's user may, and no more?"""
