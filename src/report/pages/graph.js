/* The page: both networks side by side, a list with search, and what is known of the layer that is chosen. */
const data = dataOfPage();
const byId = (id) => document.getElementById(id);
const MOST_LISTED = 400;  // rows of the list that are made at once

const BRIEF = ['kernel_size', 'kernel', 'stride', 'strides', 'num_output', 'output', 'out-size', 'pool', 'pool-method', 'operation', 'group'];

/** The parameters that one looks for first, in few words: 64, 7×7, s2. */
function briefOf(layer) {
  const parts = [];
  const of = (...names) => names.map((name) => layer.parameters[name]).find((value) => value !== undefined);
  const outputs = of('num_output', 'output', 'out-size');
  if (outputs) parts.push(outputs);
  const kernel = of('kernel', 'kernel_size');
  if (kernel && !(/pool/i.test(layer.type) && of('global', 'global_pooling') === 'true')) parts.push(kernel.includes(',') ? kernel.replace(/,/g, '×') : `${kernel}×${kernel}`);
  const stride = of('strides', 'stride');
  if (stride && !/^1(,1)*$/.test(stride)) parts.push('s' + stride.split(',')[0]);
  const group = of('group');
  if (group && group !== '1') parts.push('g' + group);
  const way = of('pool-method', 'pool', 'operation');
  if (way) parts.push(way.toLowerCase());
  return parts.join(' ');
}

function namesOf(indices, layers) {
  const shown = indices.slice(0, 3).map((i) => layers[i].name);
  return shown.join(', ') + (indices.length > 3 ? ` and ${indices.length - 3} more` : '');
}

function prepare(layers, isAfter) {
  for (const layer of layers) {
    layer.parameters ??= {};
    layer.outputs ??= [];
    layer.sources ??= [];
    layer.counterparts ??= [];
    layer.absorbed ??= [];
    layer.brief = briefOf(layer);
    layer.searched = [layer.name, layer.type, layer.outputs.map((output) => `${output.name} ${output.shape}`).join(' '),
      Object.entries(layer.parameters).map(([name, value]) => `${name}=${value}`).join(' ')].join(' ').toLowerCase();
  }
  for (const layer of layers) {
    if (isAfter) {
      const fused = layer.counterparts.filter((i) => data.before[i].fate === 'fused');
      const taken = [...fused.map((i) => data.before[i].type), ...layer.absorbed];
      if (taken.length > 0) layer.note = '+ ' + taken.slice(0, 4).join(', ') + (taken.length > 4 ? ', …' : '');
      else if (layer.counterparts.length === 0) layer.note = 'added';
    } else if (data.optimised) {
      if (layer.fate === 'fused') layer.note = '→ ' + namesOf(layer.counterparts, data.after);
      else if (layer.fate === 'removed') layer.note = 'removed';
    }
  }
}

data.after ??= [];
prepare(data.before, false);
prepare(data.after, true);

const sides = {};
let shown = !data.optimised ? 'before' : innerWidth < 1000 ? 'after' : 'both';
let chosen = null;  // { side, index }
const isShown = (side) => shown === 'both' || shown === side;

for (const [side, caption] of [['before', data.captions[0]], ['after', data.captions[1]]]) {
  const figure = byId(side);
  figure.querySelector('figcaption').textContent = caption;
  const view = new View(figure.querySelector('canvas'), data[side], () => isShown(side));
  view.onPick = (index) => choose(index < 0 ? null : { side, index }, false);
  sides[side] = view;
}

function arrange(which) {
  shown = which;
  for (const side of ['before', 'after']) byId(side).hidden = !isShown(side);
  for (const button of ['before', 'both', 'after']) byId('show-' + button).setAttribute('aria-pressed', String(button === which));
  for (const side of ['before', 'after']) if (isShown(side)) { sides[side].place(); sides[side].start(); }
  if (chosen) for (const side of ['before', 'after']) showCounterpart(side);
}

function showCounterpart(side) {
  if (!isShown(side)) return;
  const layer = data[chosen.side][chosen.index];
  if (side === chosen.side) sides[side].show(chosen.index);
  else if (layer.counterparts.length > 0) sides[side].show(layer.counterparts[0]);
}

function choose(choice, moves) {
  chosen = choice;
  for (const side of ['before', 'after']) {
    sides[side].selected = -1;
    sides[side].related = new Set();
  }
  if (chosen) {
    const layer = data[chosen.side][chosen.index];
    const other = chosen.side === 'before' ? 'after' : 'before';
    sides[chosen.side].selected = chosen.index;
    sides[other].related = new Set(layer.counterparts);
    if (moves && !isShown(chosen.side)) arrange(chosen.side);
    for (const side of ['before', 'after']) if (moves || side === other) showCounterpart(side);
    history.replaceState(null, '', '#' + chosen.side + '/' + encodeURIComponent(layer.name));
  }
  for (const view of Object.values(sides)) view.draw();
  describe();
  for (const button of byId('list').querySelectorAll('button'))
    button.classList.toggle('selected', chosen !== null && button.dataset.side === chosen.side && Number(button.dataset.index) === chosen.index);
}

function link(side, index) {
  const layer = data[side][index];
  return element('button', { class: 'link', type: 'button', onclick: () => choose({ side, index }, true) }, layer.name + ' (' + layer.type + ')');
}

function listOf(side, indices) {
  const list = element('ul', {}, ...indices.slice(0, 60).map((index) => element('li', {}, link(side, index))));
  if (indices.length > 60) list.append(element('li', { class: 'faint' }, `and ${indices.length - 60} more`));
  return list;
}

function describe() {
  const panel = byId('details');
  panel.replaceChildren();
  if (!chosen) return panel.append(...legend());
  const { side, index } = chosen;
  const other = side === 'before' ? 'after' : 'before';
  const layer = data[side][index];
  panel.append(element('h2', { style: 'margin-top:0' }, layer.name),
    element('p', {}, element('span', { class: 'swatch', style: 'background:' + colourOf(layer.type) }), layer.type + ', ' + (side === 'before' ? 'a layer of the Caffe net' : 'after optimisation')));
  const section = (title, ...content) => panel.append(element('h3', {}, title), ...content);
  if (side === 'before' && data.optimised) {
    const words = { kept: 'kept as', fused: 'fused into', removed: 'removed: it has no effect at inference, or nothing needs it' };
    section('What became of it', element('span', { class: 'fate' }, words[layer.fate ?? 'kept']), listOf(other, layer.counterparts));
  }
  if (side === 'after') {
    if (layer.counterparts.length > 0) section('Computes the Caffe layers', listOf(other, layer.counterparts));
    if (layer.absorbed.length > 0) section('Took in', element('p', {}, layer.absorbed.join(', ')));
    if (layer.counterparts.length === 0) section('Where it comes from', element('p', {}, 'The conversion added it.'));
  }
  const table = (rows) => element('table', {}, ...rows.map(([name, value]) => element('tr', {}, element('td', {}, name), element('td', {}, value))));
  section('Outputs', table(layer.outputs.map((output) => [output.name, output.shape])));
  const parameters = Object.entries(layer.parameters);
  if (parameters.length > 0) section('Parameters', table(parameters));
  const sizes = [];
  if (layer.weights) sizes.push(['weights', `${layer.weights.toLocaleString('en')} (${bytesText(layer.bytes ?? 0)})`]);
  if (layer.multiply_adds) sizes.push(['multiply-adds', layer.multiply_adds.toLocaleString('en')]);
  if (sizes.length > 0) section('Size', table(sizes));
  const sources = [...new Set(layer.sources)];
  if (sources.length > 0) section('Reads', listOf(side, sources));
  const readers = data[side].flatMap((reader, i) => (reader.sources.includes(index) ? [i] : []));
  if (readers.length > 0) section('Is read by', listOf(side, readers));
}

function legend() {
  const kinds = new Map();
  for (const layer of [...data.before, ...data.after]) kinds.set(kindOf(layer.type)[0], layer.type);
  const rows = [...kinds].map(([kind, type]) => element('p', { style: 'margin:2px 0' }, element('span', { class: 'swatch', style: 'background:' + colourOf(type) }), kind));
  return [element('h2', { style: 'margin-top:0' }, 'Choose a layer'),
    element('p', { class: 'faint' }, 'Click a box or a name. What a layer became, or what it computes, is marked in the other network.'),
    element('h3', {}, 'Colours'), ...rows,
    element('p', { class: 'faint' }, 'Dashed: fused into another layer, or removed.'),
    element('h3', {}, 'Keys'),
    table2([['/', 'search'], ['Enter', 'next match'], ['+  −', 'zoom'], ['0', 'the whole net'], ['arrows', 'move'], ['c', 'columns'], ['Esc', 'choose nothing']])];
}

function table2(rows) { return element('table', {}, ...rows.map(([key, what]) => element('tr', {}, element('td', {}, key), element('td', {}, what)))); }

function matches(side) {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [];
  data[side].forEach((layer, i) => { if (words.every((word) => layer.searched.includes(word))) all.push(i); });
  return all;
}

let found = [];  // of both sides, in the order of the list
function search() {
  const isSearch = byId('search').value.trim() !== '';
  const list = byId('list');
  list.replaceChildren();
  found = [];
  for (const [side, title] of [['before', 'Before'], ['after', 'After']]) {
    if (data[side].length === 0) continue;
    const indices = matches(side);
    sides[side].found = new Set(isSearch ? indices : []);
    sides[side].draw();
    found.push(...indices.map((index) => ({ side, index })));
    list.append(element('h2', {}, `${title} (${indices.length}${isSearch ? ' of ' + data[side].length : ''})`));
    for (const index of indices.slice(0, MOST_LISTED)) {
      const layer = data[side][index];
      list.append(element('button', { type: 'button', title: layer.name, 'data-side': side, 'data-index': index, onclick: () => choose({ side, index }, true) },
        element('span', { class: 'name' }, layer.name), element('span', { class: 'type' }, layer.type + (layer.note ? '  ' + layer.note : ''))));
    }
    if (indices.length > MOST_LISTED) list.append(element('p', { class: 'faint' }, `and ${indices.length - MOST_LISTED} more: search for them`));
  }
  byId('count').textContent = isSearch ? `${found.length} matches` : '';
}

function nextMatch(step) {
  if (found.length === 0) return;
  const at = chosen ? found.findIndex(({ side, index }) => side === chosen.side && index === chosen.index) : -1;
  choose(found[(at + step + found.length) % found.length], true);
}

function listen() {
  byId('search').addEventListener('input', search);
  byId('search').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') nextMatch(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') { byId('search').value = ''; search(); byId('search').blur(); }
    event.stopPropagation();
  });
  for (const which of ['before', 'both', 'after']) byId('show-' + which).addEventListener('click', () => arrange(which));
  const each = (action) => { for (const side of ['before', 'after']) if (isShown(side)) action(sides[side]); };
  const wrap = () => {
    each((view) => { view.wraps = !view.wraps; view.place(); view.start(); });
    byId('wrap').setAttribute('aria-pressed', String(sides[isShown('after') ? 'after' : 'before'].wraps));
  };
  byId('zoom-in').addEventListener('click', () => each((view) => view.zoomBy(1.3)));
  byId('zoom-out').addEventListener('click', () => each((view) => view.zoomBy(1 / 1.3)));
  byId('fit').addEventListener('click', () => each((view) => view.fit()));
  byId('wrap').addEventListener('click', wrap);
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = (dx, dy) => each((view) => { view.x += dx / view.zoom; view.y += dy / view.zoom; view.draw(); });
    const actions = {
      '/': () => byId('search').focus(), '+': () => each((view) => view.zoomBy(1.3)), '=': () => each((view) => view.zoomBy(1.3)),
      '-': () => each((view) => view.zoomBy(1 / 1.3)), '0': () => each((view) => view.fit()), c: wrap, Escape: () => choose(null, false),
      ArrowUp: () => move(0, -80), ArrowDown: () => move(0, 80), ArrowLeft: () => move(-80, 0), ArrowRight: () => move(80, 0),
    };
    if (!actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  });
}

/** #before/conv1, as the address of a layer. */
function chooseFromAddress() {
  let address = location.hash.slice(1);
  try { address = decodeURIComponent(address); } catch { /* a % that is no escape: as it stands */ }
  const [side, name] = address.split(/\/(.*)/s);
  const index = data[side]?.findIndex?.((layer) => layer.name === name) ?? -1;
  if (index >= 0) choose({ side, index }, true);
}

document.title = data.name + ': before and after';
byId('title').textContent = data.name;
byId('summary').textContent = byId('summary').title = data.summary;
if (!data.optimised) byId('show-both').parentElement.hidden = true;
byId('wrap').setAttribute('aria-pressed', 'true');
listen();
search();
arrange(shown);
describe();
chooseFromAddress();
for (const side of ['before', 'after']) if (isShown(side) && data[side].length > 0) sides[side].drawNow();
sayReady();
