"""The agenda and other nodes: events told to all, read tolerantly from all, the owner alone believed."""
