"""What we compare ourselves with: the same work done barely, without our rules."""
