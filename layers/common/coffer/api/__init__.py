"""HTTP in, HTTP out: knows events, knows no table."""
