"""What each page shows, read from the database; templates only lay it out."""
