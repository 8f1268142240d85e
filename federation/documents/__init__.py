"""What a node says about itself, as plain functions from a node card; and what it reads of others."""
