"""A transport of httpx that asks what is served, without a socket."""
