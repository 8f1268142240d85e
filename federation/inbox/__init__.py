"""Takes what other nodes send: verified, stored, answered 202; then handed over, one row one transaction."""
