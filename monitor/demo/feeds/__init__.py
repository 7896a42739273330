"""Dialects of feeds, one small file each."""
