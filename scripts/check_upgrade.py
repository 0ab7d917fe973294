#!/usr/bin/env python3
"""Write legacy IR of every model, check it, bring it to v11 and to its own version, and compare.

    check_upgrade.py --models DIR [--models DIR ...] [--versions 2,3,7] [NAME ...]

A model is NAME.prototxt with NAME.caffemodel beside, or a folder NAME with deploy.prototxt and a .caffemodel.  With
--references DIR, NAME.json there may hold conversion options (`args`) and the range of the input (`amplitude`).
One line for each model: by version, the worst difference of an output of the upgraded v11 from that of the v11
converted directly, relative to the largest value; `bin` when the .bin of the same version is byte-identical.
Needs the openvino package.  Exit status 0 when all agree within --tolerance, 1 otherwise.
"""
import argparse
import filecmp
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import openvino

from check_legacy import detection_error, find_model

CORE = openvino.Core()
CORE.set_property('CPU', {'INFERENCE_PRECISION_HINT': 'f32'})


def run(mo, *arguments):
    done = subprocess.run([mo, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr + done.stdout).strip().split('\n')[0][:160])


def names_of_models(folders):
    names = set()
    for folder in folders:
        for entry in os.listdir(folder):
            if entry.endswith('.prototxt') or os.path.isdir(f'{folder}/{entry}'):
                names.add(entry.removesuffix('.prototxt'))
    return [name for name in sorted(names) if all(find_model(name, folders))]


def infer(xml, feeds):
    """Outputs in order; fills `feeds` by name of the input's layer when they are missing."""
    compiled = CORE.compile_model(CORE.read_model(xml), 'CPU')
    given = {}
    for port in compiled.inputs:
        name = port.get_node().get_friendly_name()
        if name not in feeds:
            shape = tuple(port.shape)
            data = np.random.default_rng(1).uniform(0, feeds[None], shape)
            if shape in ((1, 3), (1, 6)):                    # height, width and scale of an image
                data = np.array([[600, 800, 1.6] + [1] * (shape[1] - 3)])
            feeds[name] = data.astype(np.float32)
        given[port] = feeds[name]
    return {frozenset(port.names): value for port, value in compiled(given).items()}


def distance(a, b):
    """The largest difference; what is equal, infinite or no number on both sides, does not differ."""
    differ = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    error = float(np.abs(a[differ] - b[differ]).max(initial=0))
    return float('inf') if np.isnan(error) else error


def difference(want, got):
    """Outputs are paired by their number of elements, as the old format keeps no blob names."""
    worst, rest = 0.0, list(got.values())
    if len(want) != len(got):
        raise RuntimeError(f'{len(got)} outputs instead of {len(want)}')
    for value in want.values():
        if value.shape[:2] == (1, 1) and value.shape[-1] == 7:
            errors = [detection_error(value, other) if other.size == value.size else 2 for other in rest]
        else:
            scale = max(float(np.nanmax(np.abs(value), initial=0)), 1e-30)
            errors = [distance(value.ravel(), other.ravel()) / scale if other.size == value.size else float('inf')
                      for other in rest]
        at = int(np.argmin(errors))
        worst = max(worst, errors[at])
        rest.pop(at)
    return worst


def check(name, args, folder):
    proto, weights = find_model(name, args.models)
    info = {}
    if args.references and os.path.exists(f'{args.references}/{name}.json'):
        info = json.load(open(f'{args.references}/{name}.json'))
    common = ['--input_model', weights, '--input_proto', proto, '--silent', '--output_dir', folder,
              *info.get('args', [])]
    run(args.mo, *common, '--model_name', 'direct', '--ir_version', '11')
    feeds = {None: float(info.get('amplitude', 1.0))}
    want = infer(f'{folder}/direct.xml', feeds)
    cells, good = [], True
    for version in args.versions.split(','):
        try:
            run(args.mo, *common, '--model_name', 'old', '--ir_version', version)
            old = f'{folder}/old.xml'
            run(args.mo, '--check_ir', old, '--silent')
            again = ['--upgrade_ir', old, '--output_dir', folder, '--silent']
            run(args.mo, *again, '--model_name', 'same', '--ir_version', version)
            same = filecmp.cmp(f'{folder}/old.bin', f'{folder}/same.bin', shallow=False)
            run(args.mo, '--check_ir', f'{folder}/same.xml', '--silent')
            run(args.mo, *again, '--model_name', 'new', '--ir_version', '11')
            run(args.mo, '--check_ir', f'{folder}/new.xml', '--silent')
            error = difference(want, infer(f'{folder}/new.xml', feeds))
            cells.append(f'v{version} {error:.0e}' + (' bin' if same else ' BIN DIFFERS'))
            good = good and same and error <= args.tolerance
        except RuntimeError as failure:
            cells.append(f'v{version} {str(failure).split(": ", 1)[-1]}')
            good = good and 'IR v' in str(failure) and ' has no ' in str(failure)
    return ' | '.join(cells), good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', help='default: all models')
    parser.add_argument('--models', action='append', required=True)
    parser.add_argument('--references')
    parser.add_argument('--mo', default=os.path.join(os.path.dirname(__file__), '../build/release/bin/mo'))
    parser.add_argument('--versions', default='2,3,7')
    parser.add_argument('--tolerance', type=float, default=1e-4)
    args = parser.parse_args()
    bad = 0
    names = args.names or names_of_models(args.models)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                text, good = check(name, args, folder)
            except RuntimeError as failure:                  # the model is not convertible to v11 at all
                text, good = str(failure), True
        bad += not good
        print(f'{name:32} {text}' + ('' if good else ' !'), flush=True)
    print(f'good: {len(names) - bad} of {len(names)}')
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
