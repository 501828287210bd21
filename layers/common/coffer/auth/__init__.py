"""Identity: API keys and their secrets, scopes, and the access tokens that carry them.

Import the module that is needed, there is nothing in the package itself: every endpoint checks a scope, only the token
endpoint signs, and only the authorizer and the operators' functions need `cryptography` (`verification`, `public_key`).
"""
