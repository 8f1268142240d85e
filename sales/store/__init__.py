"""The journal in a database: where its books come from, and how decisions become rows."""
