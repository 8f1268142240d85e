"""Two nodes agree to exchange: offer, acceptance, what each shares, pause, end."""
