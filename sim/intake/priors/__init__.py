"""Priors learned from event tables: clustering, decay and restraint, with their spread."""
