"""The marks of an exam: tables, each attempt, regrades with their previews, adjustments, the log."""
