"""Proves who speaks between nodes, delivers at least once, hands over once; names no feature."""
