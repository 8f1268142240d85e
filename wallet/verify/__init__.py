"""`hameau verify` for money: every link and balance is worked out again from the kept bytes."""
