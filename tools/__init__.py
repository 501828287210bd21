"""What is generated from the code, and what is measured of it."""
