"""The tables of docs/comparison.md are those of scripts/compare_peers.py, and what they say of `mo` is so."""

import re

import compare_peers
import pytest

from docs.pages import REPOSITORY

PAGE = (REPOSITORY / "docs" / "comparison.md").read_text()


CASES = compare_peers.cases("*")


def cells(case) -> list:
    (row,) = re.findall(rf"^\| `?{re.escape(case.name.strip('`'))}`? \| (.+) \|$", PAGE, flags=re.MULTILINE)
    return re.findall(r"\[([^\]]+)\]", row)


def test_every_net_has_a_row_with_a_cell_for_each_tool():
    assert len(CASES) > 300
    for case in CASES:
        words = cells(case)
        assert len(words) == len(compare_peers.TOOLS), case.name
        assert all(word in compare_peers.WORDS.values() or re.fullmatch(r"\d+ of \d+", word) for word in words)
        assert words[0] == ("refuses" if case.expected is None else "yes"), case.name


@pytest.mark.usefixtures("mo")
def test_what_the_tables_say_of_mo_is_so(tmp_path):
    """The nets of single layers are in tests/numeric; here are the others."""
    chosen = [case for case in CASES if case.group != "layers"]
    folders = [tmp_path / str(i) for i in range(len(chosen))]
    for case, folder in zip(chosen, folders):
        compare_peers.write(case, folder)
    compare_peers.run_ours(folders)
    for case, folder in zip(chosen, folders):
        assert compare_peers.judge(case, folder)[0] == ("refused" if case.expected is None else "right"), case.name


def test_wrong_results_are_told_from_right_ones(tmp_path):
    import numpy as np

    case = next(case for case in CASES if case.name == "ReLU")
    compare_peers.write(case, tmp_path / "net")
    (top, wanted), = case.expected.items()
    for value, state in ((wanted, "right"), (wanted + 0.1, "other"), (wanted[..., :1], "shape"), (wanted[:0], "unusable")):
        np.savez(tmp_path / "net" / "out.npz", **{top: value})
        assert compare_peers.judge(case, tmp_path / "net")[0] == state
    for text, state in (("the program crashed", "crashed"), ("the runtime gives no out", "unusable"), ("no such layer", "refused")):
        (tmp_path / "net" / "error.txt").write_text(text)
        assert compare_peers.judge(case, tmp_path / "net")[0] == state
