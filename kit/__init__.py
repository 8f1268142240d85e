"""Tools any Python web application could use; no business noun lives here."""
