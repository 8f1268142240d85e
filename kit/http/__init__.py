"""The one door to the outside: every remote address is checked, every answer is bounded in size and time."""
