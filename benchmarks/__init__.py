"""Measurements that anyone can make again: our figure beside a reference measured in the same run."""
