"""Working under a claim: held while a program runs, looked at before git writes."""
