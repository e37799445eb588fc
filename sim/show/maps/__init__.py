"""Maps without a network: outlines of countries, a user's own outlines, the places on them."""
