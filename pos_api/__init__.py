"""Lets a till sell, top up, check in; safe to repeat, safe when the line drops; holds no rule of its own."""
