"""The question bank as files: what they may say, how they are read, what is wrong with them."""
