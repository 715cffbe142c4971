"""What is put into saved answers before they are sent: drawn values, and parts of the request."""
