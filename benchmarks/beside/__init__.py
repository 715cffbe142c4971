"""What measures HTTP servers beside each other: equal inputs, the servers as processes, and the load."""
