"""The OpenAPI document, made of what the endpoints declare and the code that serves them."""
