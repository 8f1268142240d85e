"""What happens when and where: events, places, tags, the merged agenda and its feeds."""
