"""What was tried before, and what came of it: attempts at fixes, found again and weighed."""
