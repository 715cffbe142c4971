"""What goes for every request: trouble on demand, who asks, what must be passed, and the headers of its answer."""
