"""How companies are drawn: where they stand, what they hold, their offices, profiles and addresses."""
