"""Remote actors as this node knows them: their profile, where to write to them, their keys pinned."""
