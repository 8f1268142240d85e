"""What one does with cards: bring them in, link them, declare them lost, replace them."""
