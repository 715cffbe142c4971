"""What listens: uvicorn set up for this machine, and a server in a thread."""
