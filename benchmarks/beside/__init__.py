"""What measures HTTP servers beside each other: equal inputs, the servers as processes, the load, and what is spent."""
