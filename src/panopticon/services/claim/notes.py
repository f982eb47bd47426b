"""The notes that claims leave in the store from one run to the next.

None of them decides: where one is missing, something is asked or told once more.
"""

TAKING = "checkout:{session}"
"""The story of an epic that a session is taking: an interrupted checkout goes on with that one."""

BRANCH = "branch:{key}"
"""The branch that a checkout made or found here: where it is gone, nobody can tell of its work."""

FINISHED = "finished:{key}"
"""`fence:remark` that was written for finished work: to finish again says nothing twice."""

MERGED = "merged:{ref}"
"""The commit by which a story was merged and written: who reopens it is not overruled."""

UNMERGED = "merged-looked"
"""By item, where its branch and the main branch ended when it was not merged: not asked again."""

LOOKED = "claims:looked"
"""When a sync last looked at claims: several sources that are polled are one look."""

ASKED = "claims:asked"
"""By key, when the arbiter was last asked about one claim: who waited longest is next."""

SHOWN = "claims:shown:{key}"
"""The fence of which a tracker was told that has no place to show it: it is not told again."""

LOST = "claims:lost-to-others"
"""Claims of this machine that another took over since (`lost.py`)."""

IDENTITY = "identity:{source}"
"""How the keys of a source's claims begin; written by a sync (`services/sync/sweep.py`)."""
