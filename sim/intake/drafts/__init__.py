"""Drafts: a scenario of a conflict of one's own, sketched from its statements."""
