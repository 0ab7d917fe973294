"""What docs/many-models.md shows does what it says: the array's tasks convert all models between them."""

import os
import re
import subprocess

import pytest

from cli import nets
from support import converter

PAGE = converter.REPOSITORY / "docs" / "many-models.md"


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    return text


@pytest.mark.usefixtures("mo")
def test_the_tasks_of_the_array_share_the_lines(tmp_path):
    names = [f"n{i}" for i in range(5)]
    for name in names:
        nets.padded(tmp_path / name)
    (tmp_path / "list.txt").write_text("".join(f"{name}/net.caffemodel --model_name {name}\n" for name in names))
    (tmp_path / "job.sh").write_text(block("bash"))
    environment = os.environ | {
        "PATH": f"{converter.binary().parent}:{os.environ['PATH']}",
        "SLURM_ARRAY_TASK_COUNT": "2",
        "SLURM_CPUS_PER_TASK": "1",
    }
    done = {}
    for task in ("0", "1"):
        subprocess.run(["bash", "job.sh"], cwd=tmp_path, env=environment | {"SLURM_ARRAY_TASK_ID": task}, check=True,
                       capture_output=True)  # fmt: skip
        done[task] = {path.stem for path in (tmp_path / "ir").glob("*.xml")}
    assert done == {"0": {"n0", "n2", "n4"}, "1": set(names)}
    again = subprocess.run(["bash", "job.sh"], cwd=tmp_path, env=environment | {"SLURM_ARRAY_TASK_ID": "1"}, check=True,
                           capture_output=True, text=True)  # fmt: skip
    assert "0 of 2 models converted, 2 were there already" in again.stdout


def test_the_example_for_ray_is_python():
    compile(block("python"), str(PAGE), "exec")
