"""Coming in, staying, leaving: accounts, guests, passwords and one's own data."""
