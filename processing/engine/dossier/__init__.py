"""What a run leaves: its tables, their folder, the seal over them, and what can be asked of them."""
