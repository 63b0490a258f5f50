"""What the pages of the site show, put into words; one module a subject."""
