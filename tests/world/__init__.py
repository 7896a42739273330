"""A fake news web on loopback for end-to-end tests and benchmarks."""
