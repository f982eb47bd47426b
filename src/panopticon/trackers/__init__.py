"""Remote trackers, one adapter each, behind one seam."""
