"""The roof: composes the features into one running application; nobody imports it."""
