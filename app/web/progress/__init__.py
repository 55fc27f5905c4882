"""What a learner knows, and what the days ahead bring."""
