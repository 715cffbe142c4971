"""What an operation is, and the wire dialect that carries it."""
