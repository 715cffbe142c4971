"""What every metered request goes through: budgets, limits, its order on disk and wire, and what it settles."""
