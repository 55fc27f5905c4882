"""Scores for Moodle or Canvas, matched with its people before they leave."""
