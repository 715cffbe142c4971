"""Those who are not asked for, not shown, or erased."""
