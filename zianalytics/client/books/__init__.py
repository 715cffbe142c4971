"""What we counted: sums, what stands out, what ends, and the service's count beside it."""
