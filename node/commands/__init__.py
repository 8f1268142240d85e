"""The words of the `hameau` command."""
