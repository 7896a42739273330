"""Families of pages, one small file each; as different from each other as real sites are."""
