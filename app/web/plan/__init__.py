"""A learner's plan towards an exam: set up, seen before it is saved, changed, taken away."""
