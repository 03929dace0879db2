"""What is shown: a class and a template for each kind of widget."""
