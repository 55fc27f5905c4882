"""The teacher sets an exam up: what it asks, when, how, and what students see afterwards."""
