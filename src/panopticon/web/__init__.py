"""The dashboard face."""
