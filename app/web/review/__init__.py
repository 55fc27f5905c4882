"""The review: one question at a time, as the schedule asks for them."""
