"""Rally (Broadcom) WSAPI v2.0 as a tracker."""
