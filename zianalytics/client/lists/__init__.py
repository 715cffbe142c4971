"""The lists that values are in, and what the account may use."""
