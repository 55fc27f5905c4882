"""The statistics of an exam: its figures, each question, and the mistakes to bring back in revision."""
