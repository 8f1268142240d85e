"""The agenda for machines: iCalendar, RSS, JSON-LD, CSV."""
