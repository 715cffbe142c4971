"""Webhooks: their endpoints, and what is sent to them."""
