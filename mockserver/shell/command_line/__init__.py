"""`python -m mockserver`: what is typed, what it says, and what it leaves for scripts."""
