"""Generated tables in pages of the documentation, each between the marks `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""

from pathlib import Path


def replaced(text: str, name: str, table: str) -> str:
    """The page with the table `name` anew."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    return text.partition(begin)[0] + f"{begin}\n\n{table.rstrip()}\n\n{end}" + text.partition(end)[2]


def replace(page: Path, name: str, table: str) -> None:
    page.write_text(replaced(page.read_text(), name, table))
