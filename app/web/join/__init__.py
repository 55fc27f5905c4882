"""Joining a class by its code, and leaving it."""
