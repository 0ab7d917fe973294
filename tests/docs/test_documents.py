"""The documentation is complete: an entry per diagnostic code, a line per layer and option, no dead links."""

import re
from pathlib import Path

import generate_from_layers
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md")),
             *sorted((REPOSITORY / "examples").glob("*/README.md"))]


def codes() -> list:
    header = (REPOSITORY / "src" / "support" / "diagnostic_codes.h").read_text()
    return re.findall(r'DiagnosticCode \w+\s*\{\s*"([^"]+)"', header)


def entries() -> dict:
    """Text of each FAQ entry by its heading."""
    parts = re.split(r"^## (\S+)\n", (REPOSITORY / "docs" / "FAQ.md").read_text(), flags=re.MULTILINE)
    assert len(parts[1::2]) == len(set(parts[1::2])), "an entry occurs twice"
    return dict(zip(parts[1::2], parts[2::2]))


def anchors(document: Path) -> set:
    """Of its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_code_has_an_entry_and_every_entry_a_code():
    assert len(codes()) > 30, "the pattern does not fit the header any more"
    assert sorted(codes()) == sorted(entries())


@pytest.mark.parametrize("slug", codes())
def test_entry_says_cause_remedy_and_shows_an_example(slug):
    text = entries().get(slug, "")
    assert "**Cause.**" in text
    assert "**Remedy.**" in text
    assert "```" in text


def test_every_question_of_the_original_has_a_line():
    table = (REPOSITORY / "docs" / "original-faq.md").read_text()
    numbers = set()
    for cell in re.findall(r"^\| ([\d–, ]+) \|", table, flags=re.MULTILINE):
        for part in cell.split(", "):
            first, _, last = part.partition("–")
            numbers |= set(range(int(first), int(last or first) + 1))
    assert numbers == set(range(1, 106))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(document):
    text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def test_every_layer_type_is_documented():
    documented = set(re.findall(r"`(\w+)`", (REPOSITORY / "docs" / "layers.md").read_text()))
    sources = [path.read_text() for path in (REPOSITORY / "src" / "caffe" / "layers").glob("*.cpp")]
    lists = [types for text in sources for types in re.findall(r"(?:\.types = |plain\()\{([^}]*)\}", text)]
    types = {name for names in lists for name in re.findall(r'"(\w+)"', names)}
    assert len(types) > 30, "the pattern does not fit the sources any more"
    assert sorted(types - documented) == []


def test_the_table_of_layers_is_what_the_program_says(mo):
    page = generate_from_layers.PAGE.read_text()
    assert generate_from_layers.generated_page(page) == page, "run scripts/generate_from_layers.py"


def test_every_option_is_documented():
    documented = (REPOSITORY / "docs" / "cli.md").read_text()
    sources = ("option_table.cpp", "input_options.cpp")
    table = "".join((REPOSITORY / "src" / "cli" / name).read_text() for name in sources)
    names = re.findall(r'"(--?\w+)"[,}]', table)
    assert len(names) > 10, "the pattern does not fit the source any more"
    assert [name for name in names if f"`{name}`" not in documented] == []


def test_every_code_occurs_in_a_test():
    """All but the one for defects, which none should be able to trigger."""
    paths = [path for kind in ("py", "cpp") for path in (REPOSITORY / "tests").rglob(f"*.{kind}")]
    text = "".join(path.read_text() for path in paths)
    absent = [slug for slug in codes() if f'"{slug}"' not in text and f"#{slug}" not in text and f"[{slug}]" not in text
              and f"code::{slug.replace('-', '_')}" not in text]  # fmt: skip
    assert set(absent) <= {"internal-error"}
