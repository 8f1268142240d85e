"""Finds out who an actor is: from what is known, else by a guarded fetch under a budget, one level deep."""
