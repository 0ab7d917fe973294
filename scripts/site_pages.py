#!/usr/bin/env python3
"""Lays the documentation out for MkDocs, in FOLDER/pages, and writes FOLDER/mkdocs.yml with the navigation.

    scripts/site_pages.py FOLDER

Pages keep their places, so links between them stay as they are.  A source file that a page links to becomes a page with its
text, and a folder a page with the list of its files.  The navigation has the headings and links of docs/index.md.
"""

import json
import re
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
LANGUAGES = {".py": "python", ".cpp": "cpp", ".h": "cpp", ".sh": "bash", ".txt": "text", ".prototxt": "text"}


def documents() -> list:
    """What the site is made of, relative to the repository."""
    found = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*"), *REPOSITORY.glob("examples/*/README.md"), REPOSITORY / "LICENSE"]
    return sorted(path.relative_to(REPOSITORY) for path in found if path.is_file())


def outside_code(text: str, change) -> str:
    """Applies `change` to what is in no fenced block."""
    parts = re.split(r"(^ *```.*?^ *```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if i % 2 else change(part) for i, part in enumerate(parts))


def with_deep_lists(text: str) -> str:
    """What belongs to a numbered item stands three spaces in; Python's Markdown wants four."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if i % 2 else re.sub(r"^   (?! )", "    ", part, flags=re.MULTILINE) for i, part in enumerate(parts))


def with_plain_bars(text: str) -> str:
    """A bar in the code of a table's cell is escaped on GitHub; Python's Markdown shows the backslash."""
    row = re.compile(r"^\|.*$", flags=re.MULTILINE)
    return row.sub(lambda line: re.sub(r"`[^`]*`", lambda code: code[0].replace("\\|", "|"), line[0]), text)


def source_page(path: Path) -> str:
    """Of a file or folder of the repository."""
    head = f"---\nsearch:\n  exclude: true\n---\n\n# {path}\n\n"
    place = REPOSITORY / path
    if place.is_dir():
        return head + "".join(f"- [{name}]({name}.md)\n" for name in files_in(path))
    return f"{head}````````{LANGUAGES.get(path.suffix, 'text')}\n{place.read_text()}\n````````\n"


def files_in(folder: Path) -> list:
    return sorted(path.name for path in (REPOSITORY / folder).iterdir() if path.is_file())


class Site:
    def __init__(self, pages: Path):
        self.pages, self.known, self.sources = pages, set(documents()), set()

    def write(self, path: Path, text: str) -> None:
        (self.pages / path).parent.mkdir(parents=True, exist_ok=True)
        (self.pages / path).write_text(text)

    def add_source(self, path: Path) -> str:
        """Makes sure that there is a page for it; gives what to put behind the link."""
        is_folder = (REPOSITORY / path).is_dir()
        if path not in self.sources:
            self.sources.add(path)
            self.write(path / "index.md" if is_folder else path.with_name(path.name + ".md"), source_page(path))
            if is_folder:
                for name in files_in(path):
                    self.add_source(path / name)
        return "/index.md" if is_folder else ".md"

    def linked(self, page: Path, text: str) -> str:
        """The page's text, with links to sources changed to links to their pages."""

        def change(match):
            target = match[2]
            if re.match(r"[a-z]+:", target):
                return match[0]
            path = (REPOSITORY / page.parent / target).resolve()
            if not path.exists() or path.relative_to(REPOSITORY) in self.known:
                return match[0]  # MkDocs says what does not exist
            return match[1] + target.rstrip("/") + self.add_source(path.relative_to(REPOSITORY)) + match[3]

        return with_plain_bars(with_deep_lists(outside_code(text, lambda part: LINK.sub(change, part))))

    def build(self) -> None:
        for path in sorted(self.known):
            if path.suffix == ".md":
                self.write(path, self.linked(path, (REPOSITORY / path).read_text()))
            else:
                self.write(path, "")
                shutil.copy(REPOSITORY / path, self.pages / path)
        self.write(Path("site.css"), (REPOSITORY / "docs" / "site.css").read_text())


def navigation(index: str) -> list:
    """Headings of docs/index.md with the pages below each, as MkDocs wants them."""
    sections = [{"Home": "README.md"}, {"All pages": "docs/index.md"}]
    for title, body in zip(*[iter(re.split(r"^## (.+)\n", index, flags=re.MULTILINE)[1:])] * 2):
        pages = []
        for label, target in re.findall(r"^- \[([^\]]+)\]\(([^)#]+)\)", body, flags=re.MULTILINE):
            path = (REPOSITORY / "docs" / target).resolve().relative_to(REPOSITORY)
            if str(path) != "README.md":
                pages.append({label: str(path)})
        sections.append({title: pages})
    return sections


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    site = Site(folder / "pages")
    site.build()
    settings = (REPOSITORY / "mkdocs.yml").read_text()
    hidden = "".join(f"  /{path}{'/index' if (REPOSITORY / path).is_dir() else ''}.md\n" for path in sorted(site.sources))
    nav = json.dumps(navigation((REPOSITORY / "docs" / "index.md").read_text()), indent=1)
    (folder / "mkdocs.yml").write_text(f"{settings}\nnot_in_nav: |\n{hidden}\nnav: {nav}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
