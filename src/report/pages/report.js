/* The report of a conversion: everything on it comes from the JSON that --report FILE.json writes too. */
const data = dataOfPage();
const page = document.getElementById('page');
const number = (value) => value.toLocaleString('en');
const shapeText = (shape) => '[' + shape.map((dim) => (dim < 0 ? '?' : dim)).join(', ') + ']';
const MOST_ROWS = 500;  // of a table at once

function row(cells, kinds = []) {
  return element('tr', {}, ...cells.map((cell, i) => element('td', { class: kinds[i] ? 'number' : undefined }, cell)));
}
function table(headings, rows, kinds = []) {
  return element('div', { class: 'wide' }, element('table', {},
    element('thead', {}, element('tr', {}, ...headings.map((heading, i) => element('th', { class: kinds[i] ? 'number' : undefined }, heading)))),
    element('tbody', {}, ...rows.map((cells) => row(cells, kinds)))));
}
function section(title, ...content) { page.append(element('h2', {}, title), ...content); }
function tile(value, what) { return element('div', { class: 'tile' }, element('b', {}, value), element('span', {}, what)); }

function head() {
  const failed = data.status !== 0;
  const warnings = data.messages.filter((message) => message.severity === 'warning').length;
  const counted = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
  document.title = `${data.model?.name ?? 'Conversion'}: conversion`;
  page.append(element('h1', {}, data.model?.name ?? 'Conversion'),
    element('div', { class: 'faint' }, (data.model?.net ? `"${data.model.net}": ` : '') + [data.model?.prototxt, data.model?.caffemodel].filter(Boolean).join(' + ')));
  const written = data.written ? `${data.written.text}${data.written.format === 'ir' || data.written.data_type === 'FP16' ? ', ' + data.written.data_type : ''}` : '';
  page.append(element('div', { class: failed ? 'verdict failed' : 'verdict' },
    failed ? `Not converted: ${counted(data.messages.filter((message) => message.severity === 'error').length, 'error')}. Nothing was written.`
      : `Converted to ${written}${warnings > 0 ? ', with ' + counted(warnings, 'warning') : ', without warnings'}.`));
  const files = Object.entries(data.files);
  if (files.length > 0) page.append(table(['file', 'path'], files));
}

function tiles() {
  const t = data.totals;
  if (!t || t.layers === 0) return;
  page.append(element('div', { class: 'tiles' },
    tile(`${number(t.caffe_layers)} → ${number(t.layers)}`, 'layers in → out'),
    tile(number(t.fused), 'fused into others'), tile(number(t.removed), 'removed'), tile(number(t.added), 'added'),
    tile(rounded(t.weights), t.weights === t.caffe_weights ? 'weights' : `weights (${rounded(t.caffe_weights)} in Caffe)`),
    tile(bytesText(t.bytes), `of weights written (${bytesText(t.caffe_bytes)} in Caffe)`),
    tile(rounded(t.multiply_adds), t.multiply_adds === t.caffe_multiply_adds ? 'multiply-adds' : `multiply-adds (${rounded(t.caffe_multiply_adds)} in Caffe)`),
    tile(`${data.timing.seconds.toFixed(2)} s`, 'conversion')));
}

function borders() {
  if (data.inputs.length + data.outputs.length === 0) return;
  section('Inputs and outputs', element('p', { class: 'faint' }, 'With the names to use in code.'),
    table(['', 'name', 'shape', 'type'], [...data.inputs.map((input) => ['input', element('code', {}, input.name), shapeText(input.shape), input.element_type ?? '']),
      ...data.outputs.map((output) => ['output', element('code', {}, output.name), shapeText(output.shape), output.element_type ?? ''])]));
  const done = data.preprocessing ?? [];
  section('Preprocessing inside the model', done.length > 0 ? element('ul', {}, ...done.map((sentence) => element('li', {}, sentence)))
    : element('p', {}, 'None: the application feeds what the net was trained with, mean and scale included.'));
}

function messages() {
  if (data.messages.length === 0) return;
  section('Messages', ...data.messages.map((message) => {
    const place = [message.file && message.file + (message.line ? `:${message.line}:${message.column}` : ''), message.layer && `layer "${message.layer}"${message.layer_type ? ` (${message.layer_type})` : ''}`].filter(Boolean).join(', ');
    return element('div', { class: 'message ' + message.severity },
      element('p', {}, element('b', {}, message.severity), ' ', element('code', {}, message.code), place ? element('span', { class: 'faint' }, ' ' + place) : ''),
      element('p', {}, message.cause), message.remedy ? element('p', { class: 'faint' }, 'What to do: ' + message.remedy) : '');
  }));
}

function code() {
  for (const [language, title] of [['python', 'Code in Python'], ['cpp', 'Code in C++']]) {
    const text = data.code?.[language];
    if (!text) continue;
    const copy = element('button', { type: 'button', onclick: () => navigator.clipboard?.writeText(text).then(() => { copy.textContent = 'Copied'; }) }, 'Copy');
    section(title, element('div', { class: 'code' }, element('pre', { id: language }, text), copy));
  }
}

function losses() {
  if (!data.written || data.written.data_type !== 'FP16') return;
  const rows = data.fp16_losses.map((loss) => [loss.layer, number(loss.weights), number(loss.to_infinity), number(loss.to_zero)]);
  section('Weights that FP16 cannot hold', rows.length === 0 ? element('p', {}, 'None.')
    : table(['layer', 'weights', 'became infinity', 'became zero'], rows, [false, true, true, true]));
}

/** The layers with most of something, as bars. */
function bars(title, field, text) {
  const most = [...data.layers].filter((layer) => layer[field] > 0).sort((a, b) => b[field] - a[field]).slice(0, 12);
  if (most.length === 0) return;
  section(title, element('table', { class: 'bars' }, ...most.map((layer) => element('tr', {}, element('td', {}, layer.name),
    element('td', { class: 'number' }, text(layer[field])),
    element('td', { style: 'width:55%' }, element('span', { class: 'bar', style: `width:${100 * layer[field] / most[0][field]}%` }))))));
}

const COLUMNS = [
  ['layer', (layer) => layer.name], ['type', (layer) => layer.type], ['shape', (layer) => layer.shapes.slice(0, 3).map(shapeText).join(' ') + (layer.shapes.length > 3 ? ' …' : '')],
  ['computes', (layer) => {
    const names = [...layer.caffe_layers, ...(layer.absorbed ?? [])];
    return names.length === 0 ? 'added' : names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
  }],
  ['weights', (layer) => layer.weights, true], ['bytes', (layer) => layer.bytes, true], ['multiply-adds', (layer) => layer.multiply_adds, true]];

function layers() {
  if (!data.layers?.length) return;
  const body = element('tbody'), more = element('span', { class: 'faint' });
  const search = element('input', { type: 'search', placeholder: 'Search layers', 'aria-label': 'search layers', oninput: () => fillRows() });
  let sorted = null, up = false;
  const headings = COLUMNS.map(([title, of, isNumber], i) => element('th', { role: 'button', class: isNumber ? 'number' : undefined, onclick: () => {
    up = sorted === i ? !up : !isNumber;
    sorted = i;
    fillRows();
  } }, title));
  function fillRows() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let list = data.layers.filter((layer) => {
      const text = COLUMNS.slice(0, 4).map(([, of]) => of(layer)).join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (sorted !== null) {
      const of = COLUMNS[sorted][1];
      list = [...list].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) * (up ? 1 : -1));
    }
    headings.forEach((heading, i) => { heading.classList.toggle('sorted', i === sorted); heading.classList.toggle('up', i === sorted && up); });
    body.replaceChildren(...list.slice(0, MOST_ROWS).map((layer) => row(COLUMNS.map(([, of, isNumber]) => (isNumber ? (of(layer) ? number(of(layer)) : '') : of(layer))), COLUMNS.map((column) => column[2]))));
    more.textContent = `${number(list.length)} of ${number(data.layers.length)} layers` + (list.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : '');
  }
  fillRows();
  section('Layers', element('div', { class: 'tools' }, search, more), element('div', { class: 'wide', id: 'layers' }, element('table', {}, element('thead', {}, element('tr', {}, ...headings)), body)));
}

function removed() {
  const gone = (data.caffe_layers ?? []).filter((layer) => layer.fate && layer.fate !== 'kept');
  if (gone.length === 0) return;
  const detail = element('details', {}, element('summary', {}, `${number(gone.length)} layers of the Caffe net are no layers any more`));
  const rows = gone.slice(0, MOST_ROWS).map((layer) => [layer.name, layer.type, layer.fate === 'fused' ? 'fused into ' + layer.layers.join(', ') : 'removed']);
  detail.append(table(['layer', 'type', 'what became of it'], rows));
  if (gone.length > MOST_ROWS) detail.append(element('p', { class: 'faint' }, `and ${gone.length - MOST_ROWS} more: they are in the JSON report`));
  section('Fused and removed', detail);
}

function timing() {
  const phases = data.timing?.phases ?? [];
  if (phases.length === 0) return;
  section('Timing', table(['phase', 'seconds', 'bytes'], phases.map((phase) => [phase.name, phase.seconds.toFixed(3), phase.bytes ? number(phase.bytes) : '']), [false, true, true]));
}

head();
messages();
tiles();
borders();
code();
losses();
if (data.layers) {
  bars('Most bytes', 'bytes', bytesText);
  bars('Most multiply-adds', 'multiply_adds', rounded);
}
removed();
layers();
timing();
page.append(element('p', { class: 'faint' }, `Written by mo ${data.version}`));
sayReady();
