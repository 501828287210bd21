"""What identity refuses. None of these says how it is told over HTTP."""


class InvalidScope(Exception):  # noqa: N818 - named as RFC 6749 §5.2 names it
    """The scope asked for is unknown, malformed, or more than the API key holds."""


class TokenInvalid(Exception):  # noqa: N818 - named as the API names it
    """Not a token of ours, or not for here. The message is for the log: a caller learns `invalid_token` and no more."""


class TokenExpired(Exception):  # noqa: N818 - named as the API names it
    """A token that only its age speaks against: signature, issuer, audience and claims were right."""


class KeyringError(Exception):
    """A step that a signing key's life does not allow, or a key that can't sign for us; told to an operator."""
