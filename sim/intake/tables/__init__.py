"""Event tables: rows of public data sets in, statements with their line numbers out."""
