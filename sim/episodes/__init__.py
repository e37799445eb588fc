"""Libraries of reported episodes: cut, read, learned from, forecast and scored."""
