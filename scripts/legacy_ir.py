"""Reading and comparing legacy IR (v2 to v7), layer by layer.

Layers are paired by name; those with a generated name, whose counters vary, by type and by what feeds them.
"""
import json
import os
import re
import xml.etree.ElementTree as ET

import numpy as np

VERSIONS = (2, 3, 4, 5, 6, 7)
DTYPE = {'FP32': '<f4', 'FP16': '<f2', 'I32': '<i4', 'I64': '<i8'}
GENERATED = re.compile(r'(^|/)(Mul1?|Add1?|Pooling|Power|Reshape|Transpose|Tile|Eltwise|Const)_\w*(/|$)'
                       r'|Fused|/Broadcast|/ScaleShift_|(Cast_\d+|DimData|Data_)_const$')


def value(text):
    """An attribute as a tuple, numbers as numbers."""
    out = []
    for word in re.split(r'[,\s]+', text.strip()):
        try:
            out.append(float(word))
        except ValueError:
            out.append(word.lower())
    return tuple(w for w in out if w != '')


def same(a, b):
    return len(a) == len(b) and all(
        abs(x - y) <= 1e-6 * max(1.0, abs(x), abs(y)) if isinstance(x, float) and isinstance(y, float) else x == y
        for x, y in zip(a, b))


class Layer:
    def __init__(self, element):
        self.name, self.type, self.precision = (element.get(k) for k in ('name', 'type', 'precision'))
        self.attributes = {k: value(v) for data in element.findall('data') for k, v in data.attrib.items()}
        ports = {side: element.findall(f'{side}/port') for side in ('input', 'output')}
        self.dims = {side: [tuple(int(d.text) for d in p.findall('dim')) for p in ports[side]] for side in ports}
        self.port_ids = {side: [p.get('id') for p in ports[side]] for side in ports}
        self.blobs = {b.tag: (int(b.get('offset')), int(b.get('size')), b.get('precision') or self.precision)
                      for b in element.findall('blobs/*')}
        self.sources = {}                                    # input index -> (layer, output index)

    def feeds(self):
        return [self.sources[i] for i in sorted(self.sources)]


class Ir:
    def __init__(self, path):
        self.path = path
        root = ET.parse(path).getroot()
        self.net = {k: root.get(k) for k in ('version', 'batch', 'precision')}
        elements = list(root.find('layers'))
        self.layers = [Layer(e) for e in elements]           # producers come before their consumers
        by_id = {e.get('id'): layer for e, layer in zip(elements, self.layers)}
        for edge in root.find('edges'):
            source, target = by_id[edge.get('from-layer')], by_id[edge.get('to-layer')]
            target.sources[target.port_ids['input'].index(edge.get('to-port'))] = (
                source, source.port_ids['output'].index(edge.get('from-port')))
        self.pre_process = [[(e.tag, sorted((k, v) for k, v in e.attrib.items() if k != 'offset'))
                             for e in section.iter()] for section in root.findall('pre-process')]
        self._bin = None

    def blob(self, layer, role):
        if self._bin is None:
            path = os.path.splitext(self.path)[0] + '.bin'
            self._bin = np.memmap(path, np.uint8, 'r') if os.path.getsize(path) else np.zeros(0, np.uint8)
        offset, size, precision = layer.blobs[role]
        return self._bin[offset:offset + size].view(DTYPE.get(precision, '<f4')).astype(np.float64)

    def keys(self):
        """layer -> what pairs it with its twin in another IR."""
        keys, seen = {}, {}
        for layer in self.layers:
            key = layer.name
            if layer.type == 'Const':                        # by what it is for
                user, port = next(((u, i) for u in self.layers for i, s in u.sources.items() if s[0] is layer),
                                  (layer, 0))
                key = f'Const for {user.name}:{port}' if not GENERATED.search(user.name) else 'Const'
            elif GENERATED.search(layer.name):
                key = f"{layer.type}({', '.join(f'{keys[s]}:{o}' for s, o in layer.feeds())})"
                key = key if len(key) < 400 else f'{hash(key)}'
            seen[key] = seen.get(key, 0) + 1
            keys[layer] = key if seen[key] == 1 else f'{key} #{seen[key]}'
        return keys


def digest_error(kept, values):
    """Distance of a blob from what is kept of the reference's: length, norm, sum and samples."""
    if kept['n'] != len(values):
        return float('inf')
    scale = max(kept['max'], 1e-30)
    errors = [abs(values[int(i)] - v) / scale for i, v in kept['at'].items()]
    errors.append(abs(np.linalg.norm(values) - kept['norm']) / max(kept['norm'], 1e-30))
    errors.append(abs(values.sum() - kept['sum']) / max(kept['norm'] * max(len(values), 1) ** 0.5, 1e-30))
    return max(errors)


def rename_counted(reference, candidate):
    """A reference name that is a candidate's plus a counter (`slice735`) counts as that name."""
    names = {layer.name for layer in candidate.layers}
    for layer in reference.layers:
        if layer.name in names or layer.type not in ('Split', 'Tile'):
            continue
        digits = len(layer.name) - len(layer.name.rstrip('0123456789'))
        layer.name = next((layer.name[:-cut] for cut in range(1, digits + 1) if layer.name[:-cut] in names), layer.name)


def compare(reference_path, candidate_path, tolerance=1e-5):
    """(identical layers, reference layers, extra layers, worst blob error, [(layer, difference)])."""
    reference, candidate = Ir(reference_path), Ir(candidate_path)
    kept_path = os.path.splitext(reference_path)[0] + '.weights.json'
    kept = json.load(open(kept_path)) if os.path.exists(kept_path) else None
    names = {layer: layer.name for layer in reference.layers}
    rename_counted(reference, candidate)
    ref_keys, cand_keys = reference.keys(), candidate.keys()
    twins = {key: layer for layer, key in cand_keys.items()}
    differences, identical, worst = [], 0, 0.0
    for attribute in reference.net:
        if reference.net[attribute] != candidate.net[attribute]:
            differences.append(('net', f'net {attribute}: {reference.net[attribute]} -> {candidate.net[attribute]}'))
    for layer in reference.layers:
        twin = twins.get(ref_keys[layer])
        if twin is None:
            differences.append((names[layer], f'{layer.type} {names[layer]!r}: missing'))
            continue
        found = []
        for what in ('type', 'precision', 'dims', 'port_ids'):
            if getattr(layer, what) != getattr(twin, what):
                found.append(f'{what} {getattr(layer, what)} -> {getattr(twin, what)}')
        for name in sorted(layer.attributes.keys() | twin.attributes.keys()):
            a, b = layer.attributes.get(name), twin.attributes.get(name)
            if a is None or b is None or not same(a, b):
                found.append(f'{name} {a} -> {b}')
        want = [(ref_keys[s], o) for s, o in layer.feeds()]
        have = [(cand_keys[s], o) for s, o in twin.feeds()]
        if want != have:
            found.append(f'sources {want} -> {have}')
        want = [(role, b[1], b[2]) for role, b in layer.blobs.items()]
        have = [(role, b[1], b[2]) for role, b in twin.blobs.items()]
        if want != have:
            found.append(f'blobs {want} -> {have}')
        else:
            for role in layer.blobs:
                values = candidate.blob(twin, role)
                if kept is not None:
                    error = digest_error(kept[names[layer]][role], values)
                else:
                    values_ref = reference.blob(layer, role)
                    error = np.abs(values - values_ref).max(initial=0) / max(np.abs(values_ref).max(initial=0), 1e-30)
                worst = max(worst, error)
                if not error <= tolerance:
                    found.append(f'{role} differ by {error:.3g} of the largest value')
        if found:
            differences.append((names[layer], f'{layer.type} {names[layer]!r}: ' + '; '.join(found)))
        else:
            identical += 1
    ref_key_set = set(ref_keys.values())
    extra = [layer for layer, key in cand_keys.items() if key not in ref_key_set]
    differences += [(layer.name, f'{layer.type} {layer.name!r}: extra') for layer in extra]
    if reference.pre_process != candidate.pre_process:
        differences.append(('pre-process', 'pre-process sections differ'))
    return identical, len(reference.layers), len(extra), worst, differences


def rebuild(reference_path, candidate_path, path):
    """Writes a reference IR with a .bin made anew: its blobs are those of the candidate that fit their digests, as they
    are or transposed, and those whose digest has every element. KeyError for any other. Returns `path`.
    """
    reference, candidate = Ir(reference_path), candidate_path and Ir(candidate_path)
    kept_path = os.path.splitext(reference_path)[0] + '.weights.json'
    kept = json.load(open(kept_path)) if os.path.exists(kept_path) else {}
    known = [(candidate.blob(layer, role), layer) for layer in candidate.layers for role in layer.blobs] if candidate else []
    tree = ET.parse(reference_path)
    data = bytearray()
    for element, layer in zip(tree.getroot().find('layers'), reference.layers):
        for blob in element.findall('blobs/*'):
            digest = kept[layer.name][blob.tag]
            _, size, precision = layer.blobs[blob.tag]
            fits = [v for values, twin in known for v in forms(values, twin) if digest_error(digest, v) <= 1e-5]
            if not fits and len(digest['at']) == digest['n']:
                fits = [np.array([digest['at'][str(i)] for i in range(digest['n'])])]
            if not fits:
                raise KeyError(f'no weights for {layer.name}')
            blob.set('offset', str(len(data)))
            data += fits[0].astype(DTYPE.get(precision, '<f4')).tobytes()
    tree.write(path)
    with open(os.path.splitext(path)[0] + '.bin', 'wb') as file:
        file.write(data)
    return path


def forms(values, layer):
    yield values
    rows = layer.dims['output'][0][-1] if layer.dims['output'] else 0
    if layer.type == 'FullyConnected' and rows and len(values) % rows == 0:
        yield values.reshape(rows, -1).T.ravel()
