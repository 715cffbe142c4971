"""The table: every operation of the API that is built, one row each."""
