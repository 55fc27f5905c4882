"""Use cases: they take a session and the time, and never commit, never read the clock, never know HTTP."""
