"""What can be sold at which price, what was sold, sealed once, closed by period."""
