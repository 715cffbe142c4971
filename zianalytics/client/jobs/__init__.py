"""Bulk jobs: begun, kept in the journal, fetched as they come off."""
