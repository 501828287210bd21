"""What stops the work here."""


class Problem(Exception):  # noqa: N818
    """One line for the person at the terminal: what is wrong, and the way out."""
