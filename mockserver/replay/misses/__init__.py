"""What is said when no example fits, and what was asked last."""
