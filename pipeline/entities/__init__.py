"""Persons with their office, organisations and places, by a grammar of Vietnamese union and state bodies."""
