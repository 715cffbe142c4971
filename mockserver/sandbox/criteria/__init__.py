"""Which companies and people meet the criteria of a search, one by one or all at once, and who is who."""
