"""How does a supervisor see how the desk is doing, and step in? The board, who looks on, sending somebody off the desk."""
