"""What is told of one company, person, office or address that an input means."""
