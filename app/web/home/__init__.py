"""The front door: what Rappel is, and a known person's day."""
