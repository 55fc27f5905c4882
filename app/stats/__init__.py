"""Numbers about revision: numbers in, numbers out; the caller brings the day."""
