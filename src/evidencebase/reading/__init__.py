"""Reading: files of every kind as plain data, with the place of everything read."""
