"""Knows the language and the tables: parse, clean, annotate, extract, build, query."""
