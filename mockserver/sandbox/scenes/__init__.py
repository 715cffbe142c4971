"""The scenes that are recorded: requests in their situations."""
