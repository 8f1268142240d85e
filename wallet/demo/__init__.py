"""Invented money for the demonstration: currencies, cards, what they loaded and paid."""
