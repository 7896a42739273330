"""What analysts ask for and decide: queries as addresses and as saved views."""
