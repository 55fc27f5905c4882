"""The roster of a class: the school's list in, slips out, who is who."""
