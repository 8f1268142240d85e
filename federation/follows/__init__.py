"""Who follows this node, and whom it follows, on any server that speaks ActivityPub."""
