"""What did the page look like on which a shopper asked? A masked copy, sent along on their word: checked, stripped, shown."""
