"""What a file is by its content, and how it is made harmless before it is kept."""
