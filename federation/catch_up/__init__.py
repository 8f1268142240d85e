"""Pulls what villagers published while this node was away: their outbox and their coming events."""
