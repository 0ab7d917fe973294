"""The pages of the site, without MkDocs: scripts/build_site.sh, which .ci/run calls, builds all of it."""

import re
import runpy
import subprocess
import sys

import pytest

from docs.pages import REPOSITORY

SCRIPT = REPOSITORY / "scripts" / "site_pages.py"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, SCRIPT, folder], check=True)
    return folder


def test_every_page_is_in_the_index_once():
    linked = re.findall(r"^- \[[^\]]+\]\(([^)#]+)\)", (REPOSITORY / "docs" / "index.md").read_text(), flags=re.MULTILINE)
    assert len(linked) == len(set(linked))
    pages = {page.name for page in (REPOSITORY / "docs").glob("*.md")} - {"index.md"}
    assert pages == {target for target in linked if "/" not in target}


def test_the_navigation_is_the_index(site):
    text = (site / "mkdocs.yml").read_text()
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert text.count(f'"docs/{page.name}"') == 1
    script = runpy.run_path(str(SCRIPT))
    index = "# All\n\n## First\n\n- [A](cli.md): text\n- [B](../README.md)\n\n## Second\n\n- [C](../SECURITY.md)\n"
    assert script["navigation"](index)[2:] == [{"First": [{"A": "docs/cli.md"}]}, {"Second": [{"C": "SECURITY.md"}]}]


def test_every_link_of_the_pages_leads_to_one(site):
    """Also those to sources, which became pages."""
    pages, links = site / "pages", 0
    for page in pages.rglob("*.md"):
        text = re.sub(r"^ *(`{3,}).*?^ *\1$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s#]+)", text):
            if not re.match(r"[a-z]+:", target):
                assert (page.parent / target).is_file(), f"{page.relative_to(pages)}: {target}"
                links += 1
    assert links > 200


def test_what_python_markdown_reads_otherwise_is_said_in_its_way():
    script = runpy.run_path(str(SCRIPT))
    assert script["with_deep_lists"]("1. a\n\n   b\n\n```\n   c\n```\n") == "1. a\n\n    b\n\n```\n   c\n```\n"
    assert script["with_plain_bars"]("| `a\\|b` | c\\|d |\n`e\\|f`\n") == "| `a|b` | c\\|d |\n`e\\|f`\n"


def test_the_versions_are_pinned():
    lines = [line for line in (REPOSITORY / "docs" / "requirements.txt").read_text().splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)
