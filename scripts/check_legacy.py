#!/usr/bin/env python3
"""Compare legacy IR that mo writes with reference IRs, and optionally run it on an old Inference Engine.

    check_legacy.py --references DIR --models DIR [--models DIR ...] [NAME ...]

References are NAME.vN.xml with a .bin or a .weights.json digest beside; NAME.json may hold conversion options
(`args`), the input shapes (`inputs`, `amplitude`) and NAME.out.npz reference outputs.  A model is NAME.prototxt or
NAME/deploy.prototxt, with its .caffemodel beside or in any of the --models folders.

--engine COMMAND runs `COMMAND IR.xml IN.npz OUT.npz` and compares the outputs; --feed COMMAND makes the input with
`COMMAND NAME.json IN.npz`.  Prints one line for each model: by version, `identical of all` layers (`+n` extra), the
worst blob error and the worst output error.  Exit status 0 when everything agrees, 1 otherwise.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import numpy as np

from legacy_ir import compare


def find_model(name, folders):
    """(prototxt, caffemodel) of NAME, None where there is none."""
    proto = weights = None
    for folder in folders:
        for path in (f'{folder}/{name}.prototxt', f'{folder}/{name}/deploy.prototxt'):
            proto = proto or (path if os.path.exists(path) else None)
        beside = f'{folder}/{name}'
        candidates = [f'{folder}/{name}.caffemodel']
        if os.path.isdir(beside):
            candidates += [f'{beside}/{f}' for f in sorted(os.listdir(beside)) if '.caffemodel' in f]
            if not proto:
                proto = next((f'{beside}/{f}' for f in sorted(os.listdir(beside)) if f.endswith('.prototxt')), None)
        weights = weights or next((c for c in candidates if os.path.exists(c)), None)
    return proto, weights


def convert(mo, proto, weights, version, folder, name, extra):
    """The .xml, or an exception with mo's message."""
    done = subprocess.run([mo, '--input_model', weights, '--input_proto', proto, '--output_dir', folder, '--model_name',
                           name, '--ir_version', str(version), '--silent', *extra], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().split('\n')[0][:160])
    return f'{folder}/{name}.xml'


def detection_error(want, got):
    """Share of detections (image, class, score, corners) that have no twin; low scores come and go."""
    want, got = (a.reshape(-1, 7) for a in (want, got))
    want = want[(want[:, 0] >= 0) & (want[:, 2] > 0.05)]
    twins = [np.any((got[:, 1] == row[1]) & (np.abs(got[:, 2:] - row[2:]).max(axis=1) < 0.01)) for row in want]
    return 1.0 - float(np.mean(twins)) if twins else 0.0


def output_error(references, name, xml, engine, feed):
    """Largest difference of an output, relative to the largest reference value."""
    info, kept = f'{references}/{name}.json', f'{references}/{name}.out.npz'
    if not engine or not os.path.exists(kept):
        return None
    given, got = xml + '.in.npz', xml + '.out.npz'
    subprocess.run([*shlex.split(feed), info, given], check=True, capture_output=True)
    run = subprocess.run([*shlex.split(engine), xml, given, got], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError('engine: ' + (run.stderr.strip().split('\n')[-1] or f'signal {run.returncode}')[:160])
    reference, outputs, worst = np.load(kept), np.load(got), 0.0
    for key in reference.files:
        want = reference[key].ravel()
        step = lambda a: a.ravel()[::-(-a.size // 100_000)] if a.size > 100_000 else a.ravel()
        value = outputs[key] if key in outputs.files else next(
            (outputs[k] for k in outputs.files if step(outputs[k]).size == want.size), None)
        if value is None or step(value).size != want.size:
            raise RuntimeError(f'engine: no output like {key}')
        shape = reference[key].shape
        if len(shape) == 4 and shape[:2] == (1, 1) and shape[3] == 7:  # DetectionOutput
            worst = max(worst, detection_error(reference[key], value))
            continue
        difference = np.abs(step(value) - want)
        both_nan = np.isnan(step(value)) & np.isnan(want)             # log(-1) is as it should be
        error = float(np.where(both_nan, 0, difference).max(initial=0) / max(np.nanmax(np.abs(want), initial=0), 1e-30))
        worst = max(worst, float('inf') if np.isnan(error) else error)
    return worst


def check(name, version, args, folder):
    """(text for the table, good?, details)."""
    proto, weights = find_model(name, args.models)
    if not proto or not weights:
        return 'no model', False, []
    info_path = f'{args.references}/{name}.json'
    extra = json.load(open(info_path)).get('args', []) if os.path.exists(info_path) else []
    try:
        xml = convert(args.mo, proto, weights, version, folder, f'{name}.v{version}', extra)
        reference = f'{args.references}/{name}.v{version}.xml'
        good, text, differences = True, '', []
        if os.path.exists(reference):
            same, count, more, worst, differences = compare(reference, xml)
            good = not differences
            text = f'{same}/{count}' + (f'+{more}' if more else '') + f' {worst:.0e}'
        error = output_error(args.references, name, xml, args.engine, args.feed)
        if error is not None:
            text += f' out {error:.0e}'
            good = good and error <= 1e-4
        return text or 'converted', good, differences
    except RuntimeError as failure:
        return 'FAILED', False, [str(failure)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', help='models; default: all references')
    parser.add_argument('--references', required=True)
    parser.add_argument('--models', action='append', required=True)
    parser.add_argument('--mo', default=os.path.join(os.path.dirname(__file__), '../build/release/bin/mo'))
    parser.add_argument('--versions', default='2,3,4,5,6,7')
    parser.add_argument('--engine', help='command that runs an IR: COMMAND IR.xml IN.npz OUT.npz')
    parser.add_argument('--feed', help='command that makes the input: COMMAND NAME.json IN.npz')
    parser.add_argument('--beyond', action='store_true', help='also versions without a reference')
    parser.add_argument('--details', type=int, default=0, metavar='N', help='show up to N differences of each')
    args = parser.parse_args()
    found = {}
    for file in sorted(os.listdir(args.references)):
        match = re.fullmatch(r'(.+)\.v([2-7])\.xml', file)
        if match:
            found.setdefault(match[1], set()).add(int(match[2]))
    versions = [int(v) for v in args.versions.split(',')]
    totals = {v: [0, 0] for v in versions}
    for name in args.names or sorted(found):
        cells, lines = [], []
        for version in versions:
            if version not in found.get(name, ()) and not args.beyond:
                continue
            with tempfile.TemporaryDirectory() as folder:
                text, good, details = check(name, version, args, folder)
            totals[version][0] += good
            totals[version][1] += 1
            cells.append(f'v{version} {text}' + ('' if good else ' !'))
            lines += [f'    v{version}: {line}' for line in details[:args.details]]
        print(f'{name:32}', ' | '.join(cells), flush=True)
        for line in lines:
            print(line)
    print('good:', ', '.join(f'v{v} {good} of {all}' for v, (good, all) in totals.items()))
    sys.exit(0 if all(good == count for good, count in totals.values()) else 1)


if __name__ == '__main__':
    main()
