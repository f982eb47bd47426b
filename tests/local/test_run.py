"""Starting programs: why one does not start, in words that name the next step."""

from pathlib import Path

import pytest

from panopticon.errors import LocalFault
from panopticon.local.run import Attended, overheard, run


@pytest.mark.requirement("local:run:why")
def test_why_a_program_does_not_start_is_told_apart(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    with pytest.raises(LocalFault, match="`no-such-program` is not installed here"):
        run(["no-such-program"], tmp_path)
    with pytest.raises(LocalFault, match=r"plain\.txt` cannot be run: Permission denied"):
        run([str(plain)])
    gone = tmp_path / "gone"
    with pytest.raises(LocalFault, match=f"There is no folder {gone}"):
        run(["git", "--version"], gone)
    with pytest.raises(LocalFault, match=f"There is no folder {gone}"):
        overheard(["git", "--version"], gone, {}, lambda _: None)
    with pytest.raises(LocalFault, match="is not installed here"):
        Attended(["no-such-program"], {})
