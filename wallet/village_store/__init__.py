"""Money between nodes in a database: where desks come from, and how what was decided becomes rows."""
