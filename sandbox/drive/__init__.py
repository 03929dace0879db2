"""Drives a running sandbox from outside, as people do: for the browser tests and the pictures of the documentation."""
