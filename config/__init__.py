"""What an operator decides: the file and environment read once, and the shapes of on-screen choices."""
