"""What is kept about people: one page in plain words."""
