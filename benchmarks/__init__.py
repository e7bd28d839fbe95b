"""Measurements, each against a baseline of the same run; `python -m benchmarks` runs them."""
