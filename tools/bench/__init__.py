"""What Coffer is measured by: cold starts, warm requests, contention and money (`python -m tools.bench`)."""
