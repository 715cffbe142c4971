"""A deterministic population: companies, offices, people, signals and deals, all invented."""
