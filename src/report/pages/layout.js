/*
 * Places the layers of a network in rows, each below its sources, and rows that would make a picture too tall side by
 * side in columns.  Linear in layers and edges, but for sorting within rows: edges that skip rows get a point in each,
 * as long as there are not many times more points than layers.  The others, and those that bring an input to layers far
 * below (PriorBox), are "far": a short end with the source's name.
 */
const BOX_WIDTH = 196, POINT_WIDTH = 14, GAP = 26, ROW_GAP = 30, GUTTER = 90, FAR_ROWS = 6;

function layOut(layers, heightOf, aspect, mayWrap) {
  const count = layers.length;
  const readers = Array.from({ length: count }, () => []);
  layers.forEach((layer, i) => new Set(layer.sources).forEach((source) => readers[source].push(i)));
  const row = rowsOf(layers, readers);
  const places = [];  // layers first, then the points of edges
  for (let i = 0; i < count; ++i) places.push({ row: row[i], width: BOX_WIDTH, height: heightOf(layers[i]), up: [], down: [] });
  const edges = routeEdges(places, readers, row, layers);
  const rows = orderedRows(places);
  placeAcross(places, rows);
  const columns = placeDown(places, rows, aspect, mayWrap);
  for (const edge of edges) edge.path = pathOf(edge, places, columns);
  const right = columns.reduce((most, column) => Math.max(most, column.right), 0);
  const bottom = columns.reduce((most, column) => Math.max(most, column.bottom), 0);
  return { boxes: places.slice(0, count), edges, width: right, height: bottom };
}

/** The longest way from an input; what has no source comes just before its first reader. */
function rowsOf(layers, readers) {
  const row = new Array(layers.length).fill(0);
  layers.forEach((layer, i) => { for (const source of layer.sources) row[i] = Math.max(row[i], row[source] + 1); });
  layers.forEach((layer, i) => {
    if (layer.sources.length > 0 || readers[i].length === 0) return;
    let first = Infinity;
    for (const reader of readers[i]) first = Math.min(first, row[reader]);
    row[i] = first - 1;
  });
  return row;
}

function routeEdges(places, readers, row, layers) {
  const edges = [];
  readers.forEach((list, from) => list.forEach((to) => edges.push({ from, to, points: [], far: false })));
  let budget = 4 * readers.length + 2000;
  const shortestFirst = [...edges].sort((a, b) => (row[a.to] - row[a.from]) - (row[b.to] - row[b.from]));
  for (const edge of shortestFirst) {
    const points = row[edge.to] - row[edge.from] - 1;
    edge.far = points > FAR_ROWS && layers[edge.from].sources.length === 0;
    if (!edge.far) budget -= points;
    if (budget < 0 && points > 0) edge.far = true;
    if (edge.far) continue;
    let last = edge.from;
    for (let r = row[edge.from] + 1; r < row[edge.to]; ++r) {
      const point = places.length;
      places.push({ row: r, width: POINT_WIDTH, height: 0, up: [], down: [], isPoint: true });
      join(places, last, point);
      edge.points.push(point);
      last = point;
    }
    join(places, last, edge.to);
  }
  return edges;
}

function join(places, upper, lower) {
  places[upper].down.push(lower);
  places[lower].up.push(upper);
}

/** The places of each row from left to right, so that few edges cross: each near the mean of its neighbours. */
function orderedRows(places) {
  const rows = [];
  places.forEach((place, i) => (rows[place.row] ??= []).push(i));
  const number = () => rows.forEach((list) => list.forEach((i, at) => { places[i].at = at - list.length / 2; }));
  number();
  const sweep = (list, side) => {
    for (const i of list) {
      const neighbours = places[i][side];
      let sum = 0;
      for (const j of neighbours) sum += places[j].at;
      places[i].key = neighbours.length > 0 ? sum / neighbours.length : places[i].at;
    }
    list.sort((a, b) => places[a].key - places[b].key || places[a].at - places[b].at);
    list.forEach((i, at) => { places[i].at = at - list.length / 2; });
  };
  for (let round = 0; round < 4; ++round) {
    for (let r = 1; r < rows.length; ++r) sweep(rows[r], 'up');
    for (let r = rows.length - 2; r >= 0; --r) sweep(rows[r], 'down');
  }
  for (let r = 1; r < rows.length; ++r) sweep(rows[r], 'up');
  return rows;
}

/** x of each place: as near as possible to its neighbours, in the order of the row; lines of points stay straight. */
function placeAcross(places, rows) {
  for (const list of rows) {
    let x = 0;
    for (const i of list) { places[i].x = x + places[i].width / 2; x += places[i].width + GAP; }
    for (const i of list) places[i].x -= (x - GAP) / 2;
  }
  for (let round = 0; round < 6; ++round) {
    for (let r = 1; r < rows.length; ++r) settle(places, rows[r], 'up');
    for (let r = rows.length - 2; r >= 0; --r) settle(places, rows[r], 'down');
  }
}

/** The least squares of the distances to what each place wants, with the order kept: pools what would overlap. */
function settle(places, list, side) {
  const pools = [];
  let offset = 0;
  list.forEach((i, at) => {
    const place = places[i];
    if (at > 0) offset += (places[list[at - 1]].width + place.width) / 2 + GAP;
    let sum = 0, weight = 0;
    for (const j of place[side]) {
      const w = place.isPoint && places[j].isPoint ? 8 : 1;
      sum += w * places[j].x;
      weight += w;
    }
    const wanted = weight > 0 ? sum / weight : place.x;
    const mass = weight > 0 ? Math.min(weight, 8) : 0.1;
    place.offset = offset;
    let pool = { sum: mass * (wanted - offset), mass, count: 1 };
    while (pools.length > 0 && pools[pools.length - 1].sum / pools[pools.length - 1].mass > pool.sum / pool.mass) {
      const before = pools.pop();
      pool = { sum: pool.sum + before.sum, mass: pool.mass + before.mass, count: pool.count + before.count };
    }
    pools.push(pool);
  });
  let at = 0;
  for (const pool of pools)
    for (let k = 0; k < pool.count; ++k, ++at) places[list[at]].x = pool.sum / pool.mass + places[list[at]].offset;
}

/** y of each row, and the columns that the rows are put into; gives those. */
function placeDown(places, rows, aspect, mayWrap) {
  const heights = rows.map((list) => list.reduce((most, i) => Math.max(most, places[i].height), 12) + ROW_GAP);
  const total = heights.reduce((sum, height) => sum + height, 0);
  const extents = rows.map((list) => {
    const first = places[list[0]], last = places[list[list.length - 1]];
    return last.x + last.width / 2 - (first.x - first.width / 2);
  });
  const width = (extents.reduce((sum, extent) => sum + extent, 0) / rows.length + Math.max(0, ...extents)) / 2;
  const wanted = mayWrap ? Math.floor(Math.sqrt(aspect * total / (width + GUTTER))) : 1;
  const columns = Math.max(1, Math.min(wanted, Math.floor(total / 900)));
  const starts = firstRows(places, rows, heights, total / columns, columns);
  const made = [];
  let x = 0;
  starts.forEach((start, k) => {
    const end = k + 1 < starts.length ? starts[k + 1] : rows.length;
    let low = Infinity, high = -Infinity, y = 0;
    for (let r = start; r < end; ++r)
      for (const i of rows[r]) {
        low = Math.min(low, places[i].x - places[i].width / 2);
        high = Math.max(high, places[i].x + places[i].width / 2);
      }
    for (let r = start; r < end; ++r) {
      for (const i of rows[r]) {
        places[i].x += x - low;
        places[i].y = y;
        places[i].column = k;
        if (places[i].isPoint) places[i].height = heights[r] - ROW_GAP;  // a line passes its row straight
      }
      y += heights[r];
    }
    made.push({ left: x, right: x + high - low, bottom: y, lanes: 0 });
    x += high - low + GUTTER;
  });
  return made;
}

/** Where columns begin: near equal heights, where few edges cross. */
function firstRows(places, rows, heights, columnHeight, columns) {
  const starts = [0];
  let y = 0, best = -1, fewest = Infinity;
  for (let r = 0; r < rows.length && starts.length < columns; ++r) {
    const target = starts.length * columnHeight;
    if (r > 0 && y > target - 0.2 * columnHeight) {
      const crossing = rows[r].reduce((sum, i) => sum + places[i].up.length, 0) + Math.abs(y - target) / columnHeight;
      if (crossing < fewest) { fewest = crossing; best = r; }
      if (y > target + 0.1 * columnHeight) { starts.push(best); best = -1; fewest = Infinity; }
    }
    y += heights[r];
  }
  if (best > 0 && starts.length < columns) starts.push(best);
  return starts;
}

/** Points of a line from one box to another: [x, y, kind], kind `curve` or `line` from the point before. */
function pathOf(edge, places, columns) {
  const first = places[edge.from], last = places[edge.to];
  if (edge.far) return [[last.x + last.width / 2 - 24, last.y - 16, 'start'], [last.x + last.width / 2 - 24, last.y, 'line']];
  const path = [[first.x, first.y + first.height, 'start']];
  let before = first;
  for (const i of [...edge.points, edge.to]) {
    const place = places[i];
    if (place.column !== before.column) {
      const column = columns[before.column];
      const lane = column.lanes++ % 6;
      const x = column.right + 20 + 8 * lane;
      const bottom = column.bottom + 4 + 4 * lane, top = -14 - 4 * lane;
      path.push([before.x, bottom, 'line'], [x, bottom, 'line'], [x, top, 'line'], [place.x, top, 'line'], [place.x, place.y, 'line']);
    } else {
      path.push([place.x, place.y, 'curve']);
    }
    if (place.isPoint) path.push([place.x, place.y + place.height, 'line']);
    before = place;
  }
  return path;
}
