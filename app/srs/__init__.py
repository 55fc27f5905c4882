"""Spaced repetition: pure rules over values; the caller brings the day, nothing here reads a clock."""
