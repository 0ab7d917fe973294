"""Manners on a terminal: colours, carets, suggestions, help, and completion in real shells."""

import os
import pty
import re
import shutil
import subprocess

import pytest

from cli import nets
from support import converter
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

ESCAPE = "\x1b["
COMPLETION = converter.REPOSITORY / "scripts" / "completion"


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def on_terminal(*words, cwd, **environment) -> str:
    """What a terminal gets of both outputs."""
    ours, theirs = pty.openpty()
    settings = {"TERM": "xterm", **{k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}, **environment}
    with subprocess.Popen([converter.binary(), *words], cwd=cwd, env=settings, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        text = b""
        while True:
            try:
                got = os.read(ours, 65536)
            except OSError:  # Linux's word for the other end being closed
                break
            if not got:
                break
            text += got
        process.wait()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


# -- colours -----------------------------------------------------------------------------------------------------------


def test_colours_on_a_terminal(net):
    text = on_terminal("--input_model", "net.caffemodel", "--scale", "0.5", cwd=net.folder)
    assert f"{ESCAPE}1;33m[ WARNING ]{ESCAPE}0m" in text
    assert f"{ESCAPE}1;32m[ SUCCESS ]{ESCAPE}0m" in text
    wrong = on_terminal("--input_model", "net.caffemodel", "--data_type", "fp16", cwd=net.folder)
    assert f"{ESCAPE}1;31m[ ERROR ]{ESCAPE}0m" in wrong and f"{ESCAPE}1;32m^{ESCAPE}0m" in wrong


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}])
def test_no_colours_where_none_are_wanted(net, environment):
    text = on_terminal("--input_model", "net.caffemodel", "--scale", "0.5", cwd=net.folder, **environment)
    assert "[ WARNING ]" in text and "\x1b" not in text


def test_an_empty_no_color_means_nothing(net):
    assert ESCAPE in on_terminal("--input_model", "net.caffemodel", "--scale", "0.5", cwd=net.folder, NO_COLOR="")


def test_no_colours_in_files_and_pipes(net):
    done = net.convert("--scale", "0.5")
    assert "\x1b" not in done.stdout + done.stderr


def test_names_do_not_steer_the_terminal(tmp_path):
    text = input_layer("data", (1, 2, 3, 3)) + layer("evil\\033[2Jname", "Nonsense", ["data"])
    (tmp_path / "net.prototxt").write_text(text)
    shown = on_terminal("--input_proto", "net.prototxt", cwd=tmp_path)
    assert "evil?[2Jname" in shown and "\x1b[2J" not in shown


def test_a_manifest_has_colours_too(net):
    (net.folder / "list.txt").write_text("net.caffemodel\nabsent.caffemodel\n")
    text = on_terminal("--manifest", "list.txt", cwd=net.folder)
    assert f"{ESCAPE}1;32m[ SUCCESS ]{ESCAPE}0m 1 of 2" in text and f"{ESCAPE}1;31m[ ERROR ]{ESCAPE}0m  1 of 2" in text


# -- carets and suggestions --------------------------------------------------------------------------------------------


def pointed_at(stderr: str) -> str:
    """The word above the first caret, from there on."""
    lines = stderr.splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip() == "^")
    return lines[at - 1][lines[at].index("^"):]


@pytest.mark.parametrize(("words", "word", "meant"), [
    (["--mean_valuse", "[1,2,3]"], "--mean_valuse", "--mean_values"),
    (["--reverse_inptu_channels"], "--reverse_inptu_channels", "--reverse_input_channels"),
    (["--data_type", "fp16"], "fp16", "FP16"),
    (["--data_type=FP61"], "FP61", "FP16"),
    (["--log_level", "Waring"], "Waring", "WARNING"),
    (["--framework", "cafe"], "cafe", "caffe"),
    (["--output_format", "onxx"], "onxx", "onnx"),
    (["--inspect=jsn"], "jsn", "json"),
])  # fmt: skip
def test_did_you_mean(net, words, word, meant):
    done = converter.run("--input_model", "net.caffemodel", *words, "--model_name", "a b", cwd=net.folder)
    assert done.returncode == 2
    assert f"did you mean {meant}?" in done.stderr
    assert pointed_at(done.stderr) == f"{word}{' [1,2,3]' if len(words) == 2 and words[1][0] == '[' else ''} --model_name 'a b'"


def test_what_is_nothing_like_it_is_not_suggested(net):
    stderr = net.convert("--data_type", "INT8", status=2).stderr
    assert "did you mean" not in stderr and "choose one of them" in stderr


@pytest.mark.parametrize(("words", "word"), [
    (["--input_model"], "--input_model"), (["stray.caffemodel"], "stray.caffemodel"), (["--m", "x"], "--m"),
    (["--batch", "many"], "many"), (["--input_shape", "[1,2"], "[1,2"), (["--ir_version", "12"], "12")])  # fmt: skip
def test_carets_below_what_is_wrong(net, words, word):
    done = converter.run("--silent", *words, cwd=net.folder)
    assert done.returncode == 2
    assert pointed_at(done.stderr).strip("'").startswith(word), done.stderr


def test_no_caret_for_what_is_not_on_the_command_line(net):
    (net.folder / "settings.ini").write_text("data_type = fp16\n")
    stderr = net.convert("--config", "settings.ini", status=2).stderr
    assert "did you mean FP16?" in stderr and "^" not in stderr


def test_files_of_nearly_that_name(net):
    for words in (["--input_model", "nte.caffemodel"], ["--input_model", "net.caffemodel", "--mean_file", "net.prototx"],
                  ["--input_proto", "Net.prototxt", "--inspect"]):  # fmt: skip
        done = converter.run(*words, cwd=net.folder)
        assert done.returncode == 3 and re.search(r"did you mean net\.(prototxt|caffemodel)\?", done.stderr), done.stderr
    other = converter.run("--input_proto", net.folder / "zzz" / "none.prototxt", "--inspect", cwd=net.folder)
    assert other.returncode == 3 and "did you mean" not in other.stderr


# -- help and the manual -----------------------------------------------------------------------------------------------


def every_name() -> list:
    rows = converter.run("--generate", "options.md").stdout.splitlines()[2:]
    return [re.findall(r"`(--?[\w-]+)`", row.split("|")[1])[0] for row in rows]


def test_the_short_help_fits_and_says_where_the_rest_is():
    short, long = converter.run("--help").stdout, converter.run("--help-all").stdout
    assert len(short.splitlines()) <= 80 and len(long.splitlines()) > 130
    assert max(map(len, short.splitlines())) <= 110
    assert "mo --help-all" in short and f"{len(every_name())} options" in short
    for name in every_name():
        assert f"{name}" in long
    originals = [row for row in converter.run("--generate", "options.md").stdout.splitlines()[2:] if row.split("|")[3].strip() == "2018"]
    assert len(originals) > 25
    for row in originals:
        name = re.search(r"`(--[\w-]+)`", row).group(1)
        assert re.search(rf"{name}\b", short), "an option of the original: even the short help has its name"
    for heading in ("General:", "Inputs and outputs:", "Preprocessing:", "Reports and settings:"):
        assert heading in short.splitlines()


def test_the_manual_page_is_well_formed(tmp_path):
    page = converter.REPOSITORY / "docs" / "mo.1"
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True, check=False)
        assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []  # the same bytes on each day
        shown = subprocess.run(["mandoc", "-T", "ascii", page], capture_output=True, text=True, check=True).stdout
        shown = re.sub(".\b", "", shown)
        assert "--mean_values, -ms VALUES" in shown and "EXIT STATUS" in shown
    else:
        pytest.skip("no mandoc")


# -- completion --------------------------------------------------------------------------------------------------------


def in_bash(folder, *words) -> list:
    """What bash offers for the last of these words, which it splits at `=` as it does for a user."""
    script = (f'source {COMPLETION / "mo.bash"}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _mo; printf "%s\\n" "${{COMPREPLY[@]}}"')
    done = subprocess.run(["bash", "-c", script, "-", *words], capture_output=True, text=True, check=True, cwd=folder)
    return done.stdout.splitlines()


def test_bash_completes_values_and_files(tmp_path):
    (tmp_path / "a net.caffemodel").touch()
    assert in_bash(tmp_path, "mo", "--input_model", "a") == ["a net.caffemodel"]
    assert in_bash(tmp_path, "mo", "--data_type", "=", "F") == ["FP16", "FP32"]
    assert in_bash(tmp_path, "mo", "--inspect", "=") == ["text", "json"]
    assert in_bash(tmp_path, "mo", "--inspect", "=", "j") == ["json"]
    assert in_bash(tmp_path, "mo", "--onnx_opset", "2") == ["20", "21"]
    assert "verify" in in_bash(tmp_path, "mo", "v")
    assert "--graph" in in_bash(tmp_path, "mo", "--inspect", "--gr")
    assert set(every_name()) <= set(in_bash(tmp_path, "mo", "--silent", "--"))


ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=READY; fpath=(COMPLETION $fpath); autoload -Uz compinit; compinit -u -D; zstyle ":completion:*" list-colors ""'
zpty -w z 'setopt noautomenu; LISTMAX=1000; bindkey "^I" complete-word; bindkey "^X" list-choices; print STA""RTED'
zpty -r z seen '*STARTED*READY*'
zpty -n -w z $'LINE'
zpty -n -w z $'\C-a#\n'
zpty -w z 'print D""ONE'
zpty -r z seen '*DONE*'
print -r -- "$seen"
"""


def in_zsh(folder, line: str) -> str:
    """What zsh's terminal shows when the line is typed."""
    script = ZSH.replace("COMPLETION", str(COMPLETION)).replace("LINE", line)
    done = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, timeout=120, cwd=folder, check=False,
                          env={**os.environ, "TERM": "xterm", "COLUMNS": "200"})  # fmt: skip
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", done.stdout)


def test_zsh_completes(tmp_path):
    if shutil.which("zsh") is None:
        pytest.skip("no zsh")
    (tmp_path / "a net.caffemodel").touch()
    assert "mo --mean_values" in in_zsh(tmp_path, r"mo --mean_v\t")
    assert r"mo --input_model a\ net.caffemodel" in in_zsh(tmp_path, r"mo --input_model a\t")
    assert "mo --data_type half" in in_zsh(tmp_path, r"mo --data_type h\t")
    assert "mo --inspect=json" in in_zsh(tmp_path, r"mo --inspect=j\t")
    listed = in_zsh(tmp_path, r"mo --data_type F\C-x")
    assert "FP16" in listed and "FP32" in listed
