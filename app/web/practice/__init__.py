"""Practice: a quiz that is not scheduled."""
