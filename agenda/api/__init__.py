"""The JSON API of the agenda: events, places, tags, the merged agenda."""
