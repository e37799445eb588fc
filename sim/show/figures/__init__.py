"""Figures: each drawn at page and column width, in one look."""
