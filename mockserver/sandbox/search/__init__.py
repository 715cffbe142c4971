"""The searches: what is found, in which order, and which page of it."""
