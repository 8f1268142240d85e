"""Pages: sign in, my space, and the office's people, keys and log."""
