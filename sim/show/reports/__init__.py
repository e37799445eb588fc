"""Reports: one HTML page per kind of result, and what the terminal says of it."""
