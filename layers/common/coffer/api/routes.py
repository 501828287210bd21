ROUTES: dict[str, list[str]] = {}
