"""Nodes that chose to group: found, invite, join, leave, remove; each member holds the signed roster."""
