"""Text of PDF files."""
