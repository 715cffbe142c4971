"""Carries operations out: prices them, asks, keeps, and lays the answers out."""
