"""The screens of money: the back office's, and those of whoever holds a Pass."""
