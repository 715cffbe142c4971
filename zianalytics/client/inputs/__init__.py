"""What the user gave to a call, as questions that can be asked."""
