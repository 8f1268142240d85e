"""What tills use."""
