"""What leaves the monitor: records for programs, tables for spreadsheets, digests for people."""
