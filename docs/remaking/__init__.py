"""Remaking: every figure, posterior and measured number of the documents, by command."""
