"""An exam while it runs: who is where, more time, an end, a way back in, a question cancelled."""
