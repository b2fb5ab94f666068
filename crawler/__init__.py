"""Knows the web: site profiles, polite crawling, and the WARC archive."""
