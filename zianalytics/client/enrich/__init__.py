"""Enrichments: priced, answered from what is held, and paid for where they are not."""
