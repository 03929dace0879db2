"""What a shop installs."""
