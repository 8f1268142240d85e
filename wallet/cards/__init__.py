"""What a card says, pure: chip numbers, printed numbers, QR addresses, proven taps. No database, no web."""
