"""Exams as their students meet them: announced, taken, handed in, read again."""
