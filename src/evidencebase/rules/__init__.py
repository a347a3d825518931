"""What follows from records, each rule once, as facts without wording."""
