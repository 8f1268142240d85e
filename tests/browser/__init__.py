"""Pages in a real browser. A package, so that its browser closes before the worker goes on to other tests."""
