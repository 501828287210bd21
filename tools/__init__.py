"""What a maintainer runs: `python -m tools.<name>`, wrapped by the make targets."""
