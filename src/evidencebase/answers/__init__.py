"""What a user asks of a base, as data without layout: the command and the site show the same answer."""
