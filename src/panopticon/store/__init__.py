"""Rows behind one seam."""
