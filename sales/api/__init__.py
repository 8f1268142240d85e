"""What scripts may ask and do."""
