"""The question bank as files: what a question is, how its files are read and what is wrong in them."""
