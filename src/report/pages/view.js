/* Draws one network on a canvas: what is seen of it, in as much detail as can be read at the zoom at hand. */

/** Kinds of layers by words in their types, and their colours on light and on dark ground. */
const KINDS = [
  ['input', /^(input|data|imagedata|hdf5data|memorydata|dummydata|annotateddata|const|constant|parameter)/i, '#7a5195', '#b79bd1'],
  ['convolution', /conv|innerproduct|fullyconnected|embed|lstm|rnn/i, '#1864ab', '#5ea3e6'],
  ['pooling', /pool/i, '#2b8a3e', '#69c47c'],
  ['normalisation', /norm|^bn$|scale|bias|lrn|mvn|power|shift/i, '#b35c00', '#e8a25c'],
  ['activation', /relu|sigmoid|tanh|softmax|elu|swish|clamp|activation|exp|log|abs|threshold|dropout/i, '#a61e4d', '#e8799f'],
  ['joining', /concat|eltwise|sum|add|crop|slice|split/i, '#5f3dc4', '#a594f0'],
  ['detection', /prior|detection|proposal|region|yolo|psroi|roi/i, '#0b7285', '#4fc3d9'],
  ['shape', /reshape|flatten|permute|reorg|tile|interp|upsample|resample|shuffle/i, '#5c6770', '#a3aeb8'],
];
const OTHER = ['other', null, '#495057', '#adb5bd'];
const isDark = matchMedia('(prefers-color-scheme: dark)').matches;

function kindOf(type) { return KINDS.find(([, pattern]) => pattern.test(type)) ?? OTHER; }
function colourOf(type) { return kindOf(type)[isDark ? 3 : 2]; }

const LINE = 16, TITLE_FONT = '600 13px system-ui, "DejaVu Sans", sans-serif', TEXT_FONT = '12px system-ui, "DejaVu Sans", sans-serif';
const READABLE = 0.5, LEAST_ZOOM = 0.004, MOST_ZOOM = 3;

/** Lines below the name in a layer's box. */
function linesOf(layer) {
  const lines = [layer.type + (layer.brief ? '  ' + layer.brief : '')];
  if (layer.outputs.length > 0) lines.push(layer.outputs[0].shape + (layer.outputs.length > 1 ? `  +${layer.outputs.length - 1}` : ''));
  return lines;
}

function boxHeight(layer) { return 12 + LINE * (1 + linesOf(layer).length + (layer.note ? 1 : 0)); }

class View {
  constructor(canvas, layers, isShown) {
    Object.assign(this, { canvas, layers, isShown, zoom: 1, x: 0, y: 0, selected: -1, related: new Set(), found: new Set(), wraps: true });
    this.pen = canvas.getContext('2d');
    this.colours = getComputedStyle(document.documentElement);
    this.cut = new Map();
    this.followPointer();
    this.size = { width: this.width, height: this.height };
    new ResizeObserver(() => this.resized()).observe(canvas);
  }

  get width() { return this.canvas.clientWidth; }
  get height() { return this.canvas.clientHeight; }
  colour(name) { return this.colours.getPropertyValue('--' + name).trim(); }

  place() {
    this.picture = layOut(this.layers, boxHeight, Math.max(0.5, this.width / Math.max(1, this.height)), this.wraps);
    this.placed = true;
  }

  /** What is at the upper left stays there. */
  resized() {
    this.x += (this.width - this.size.width) / 2 / this.zoom;
    this.y += (this.height - this.size.height) / 2 / this.zoom;
    this.size = { width: this.width, height: this.height };
    this.draw();
  }

  /** The whole net where that can be read; else its beginning. */
  start() {
    if (!this.placed) this.place();
    this.fit();
    if (this.zoom >= READABLE) return;
    this.zoom = 0.85;
    const first = this.picture.boxes[0] ?? { x: 0 };
    this.x = Math.max(first.x, this.width / this.zoom / 2 - 60);
    this.y = this.height / this.zoom / 2 - 30;
    this.draw();
  }

  fit() {
    this.size = { width: this.width, height: this.height };
    const { width, height } = this.picture;
    this.zoom = Math.max(LEAST_ZOOM, Math.min(1.1, (this.width - 40) / Math.max(1, width), (this.height - 40) / Math.max(1, height)));
    this.x = width / 2;
    this.y = height / 2;
    this.draw();
  }

  show(index) {
    const box = this.picture.boxes[index];
    this.x = box.x;
    this.y = box.y + box.height / 2;
    this.zoom = Math.max(this.zoom, 0.75);
    this.draw();
  }

  zoomBy(factor, atX = this.width / 2, atY = this.height / 2) {
    const before = this.toPicture(atX, atY);
    this.zoom = Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, this.zoom * factor));
    const after = this.toPicture(atX, atY);
    this.x += before.x - after.x;
    this.y += before.y - after.y;
    this.draw();
  }

  toPicture(x, y) { return { x: this.x + (x - this.width / 2) / this.zoom, y: this.y + (y - this.height / 2) / this.zoom }; }

  layerAt(x, y) {
    const at = this.toPicture(x, y);
    return this.picture.boxes.findIndex((box) =>
      Math.abs(at.x - box.x) <= box.width / 2 && at.y >= box.y && at.y <= box.y + box.height);
  }

  followPointer() {
    let from = null, moved = false;
    this.canvas.addEventListener('pointerdown', (event) => {
      from = { x: event.clientX, y: event.clientY };
      moved = false;
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener('pointermove', (event) => {
      if (!from) return;
      const dx = event.clientX - from.x, dy = event.clientY - from.y;
      if (Math.abs(dx) + Math.abs(dy) < 4 && !moved) return;
      moved = true;
      from = { x: event.clientX, y: event.clientY };
      this.x -= dx / this.zoom;
      this.y -= dy / this.zoom;
      this.draw();
    });
    this.canvas.addEventListener('pointerup', (event) => {
      if (from && !moved) this.onPick?.(this.layerAt(event.offsetX, event.offsetY));
      from = null;
    });
    this.canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event.offsetX, event.offsetY);
    }, { passive: false });
  }

  draw() {
    if (!this.placed || !this.isShown() || this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.drawNow(); });
  }

  drawNow() {
    const { pen, canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(this.width * ratio) || canvas.height !== Math.round(this.height * ratio)) {
      canvas.width = Math.round(this.width * ratio);
      canvas.height = Math.round(this.height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    pen.translate(this.width / 2, this.height / 2);
    pen.scale(this.zoom, this.zoom);
    pen.translate(-this.x, -this.y);
    const from = this.toPicture(0, 0), to = this.toPicture(this.width, this.height);
    this.drawEdges(from, to);
    this.picture.boxes.forEach((box, i) => {
      if (box.y <= to.y && box.y + box.height >= from.y && box.x - box.width / 2 <= to.x && box.x + box.width / 2 >= from.x)
        this.drawBox(box, this.layers[i], i);
    });
    this.drawOverview(ratio);
  }

  drawEdges(from, to) {
    const { pen } = this;
    const plain = new Path2D(), marked = new Path2D();
    for (const edge of this.picture.edges) {
      let low = Infinity, high = -Infinity, left = Infinity, right = -Infinity;
      for (const [x, y] of edge.path) {
        low = Math.min(low, y); high = Math.max(high, y); left = Math.min(left, x); right = Math.max(right, x);
      }
      if (low > to.y || high < from.y || left > to.x || right < from.x) continue;
      this.trace(edge.from === this.selected || edge.to === this.selected ? marked : plain, edge);
    }
    pen.lineJoin = 'round';
    pen.strokeStyle = this.colour('edge');
    pen.lineWidth = Math.max(1.2, 0.7 / this.zoom);
    pen.stroke(plain);
    pen.strokeStyle = this.colour('accent');
    pen.lineWidth = Math.max(2.4, 1.5 / this.zoom);
    pen.stroke(marked);
    if (this.zoom < READABLE) return;
    pen.font = TEXT_FONT;
    pen.fillStyle = this.colour('faint');
    for (const { far, from: source, path } of this.picture.edges)
      if (far && path[0][1] <= to.y && path[0][1] >= from.y) pen.fillText('↓ ' + this.shortened(this.layers[source].name, TEXT_FONT, 70), path[0][0] + 5, path[0][1] + 9);
  }

  trace(path, edge) {
    let px = 0, py = 0;
    for (const [x, y, kind] of edge.path) {
      if (kind === 'start') path.moveTo(x, y);
      else if (kind === 'line' || Math.abs(x - px) < 0.5) path.lineTo(x, y);
      else path.bezierCurveTo(px, (py + y) / 2, x, (py + y) / 2, x, y);
      px = x;
      py = y;
    }
    if (this.zoom > 0.3) { path.moveTo(px - 4, py - 7); path.lineTo(px, py); path.lineTo(px + 4, py - 7); }
  }

  drawBox(box, layer, index) {
    const { pen } = this;
    const left = box.x - box.width / 2;
    const colour = colourOf(layer.type);
    const isFaint = layer.fate === 'removed' || layer.fate === 'fused';
    const ring = index === this.selected ? this.colour('accent') : this.related.has(index) ? this.colour('good') : this.found.has(index) ? this.colour('mark') : '';
    pen.globalAlpha = isFaint && !ring ? 0.72 : 1;
    pen.beginPath();
    pen.roundRect(left, box.y, box.width, box.height, 7);
    pen.fillStyle = this.zoom < 0.2 ? colour : this.colour('box');
    pen.fill();
    if (isFaint) pen.setLineDash([5, 4]);
    pen.strokeStyle = ring || colour;
    pen.lineWidth = ring ? Math.max(4, 2.5 / this.zoom) : Math.max(1.3, 0.6 / this.zoom);
    pen.stroke();
    pen.setLineDash([]);
    if (this.zoom >= 0.2) {
      pen.beginPath();
      pen.roundRect(left, box.y, 7, box.height, [7, 0, 0, 7]);
      pen.fillStyle = colour;
      pen.fill();
      if (this.zoom >= READABLE * 0.72) this.writeLines(box, layer, left + 14);
      else this.writeName(box, layer, left + 12);
    }
    pen.globalAlpha = 1;
  }

  writeLines(box, layer, x) {
    const { pen } = this;
    let y = box.y + 17;
    const write = (text, font, colour) => {
      pen.font = font;
      pen.fillStyle = colour;
      pen.fillText(this.shortened(text, font, box.width - 22), x, y);
      y += LINE;
    };
    write(layer.name, TITLE_FONT, this.colour('text'));
    for (const line of linesOf(layer)) write(line, TEXT_FONT, this.colour('faint'));
    if (layer.note) write(layer.note, TEXT_FONT, this.colour('accent'));
  }

  /** From far away the name alone, larger. */
  writeName(box, layer, x) {
    const font = '600 23px system-ui, "DejaVu Sans", sans-serif';
    this.pen.font = font;
    this.pen.fillStyle = this.colour('text');
    this.pen.fillText(this.shortened(layer.name, font, box.width - 18), x, box.y + box.height / 2 + 8);
  }

  /** The text, with its middle left out where it is too long: names of layers differ at both ends. */
  shortened(text, font, width) {
    const key = font + width + text;
    if (this.cut.has(key)) return this.cut.get(key);
    if (text.length > 120) text = text.slice(0, 60) + text.slice(-60);
    let shown = text;
    for (let kept = text.length; kept > 4 && this.pen.measureText(shown).width > width; --kept) {
      const head = Math.ceil(kept / 2);
      shown = text.slice(0, head) + '…' + text.slice(text.length - (kept - head));
    }
    this.cut.set(key, shown);
    return shown;
  }

  /** Where in the whole the view is; only where not all of it is seen. */
  drawOverview(ratio) {
    const { pen, picture } = this;
    const seen = { x: this.width / this.zoom, y: this.height / this.zoom };
    if (seen.x >= picture.width && seen.y >= picture.height) return;
    const scale = Math.min(150 / picture.width, 150 / picture.height);
    const width = Math.max(14, picture.width * scale), height = Math.max(14, picture.height * scale);
    const left = this.width - width - 14, top = this.height - height - 14;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = this.colour('panel');
    pen.fillRect(left - 5, top - 5, width + 10, height + 10);
    pen.strokeStyle = this.colour('line');
    pen.lineWidth = 1;
    pen.strokeRect(left - 5, top - 5, width + 10, height + 10);
    picture.boxes.forEach((box, i) => {
      pen.fillStyle = this.found.has(i) ? this.colour('mark') : colourOf(this.layers[i].type);
      pen.fillRect(left + (box.x - box.width / 2) * scale, top + box.y * scale, Math.max(1, box.width * scale), Math.max(1, box.height * scale));
    });
    pen.strokeStyle = this.colour('bad');
    pen.lineWidth = 1.5;
    const x0 = Math.max(-4, (this.x - seen.x / 2) * scale), y0 = Math.max(-4, (this.y - seen.y / 2) * scale);
    const x1 = Math.min(width + 4, (this.x + seen.x / 2) * scale), y1 = Math.min(height + 4, (this.y + seen.y / 2) * scale);
    if (x1 > x0 && y1 > y0) pen.strokeRect(left + x0, top + y0, x1 - x0, y1 - y0);
    this.overview = { left, top, width, height, scale };
  }
}
