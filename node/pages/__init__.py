"""The screens of the roof: home, help, health, source, and the office of the collective."""
