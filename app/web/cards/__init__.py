"""The learner's cards: browse, search, look at one, set it aside or put it off."""
