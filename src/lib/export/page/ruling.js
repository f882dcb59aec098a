// ruling.js: takes the lines of squared and lined paper out of the ink, as picture_ruling.h says. A view is the picture or its
// transpose, so that lines are about level; a line is known by its row at column 0, which may lie outside.
"use strict";

const LEAST_LINES = 3;

function viewOf({ bytes, height, width }, turned) {
  const thickest = whole(Math.max(height, width), 64) + 2;
  return turned ? { bytes, height: width, width: height, down: 1, across: width, thickest }
    : { bytes, height, width, down: width, across: 1, thickest };
}

const pixelOf = (view, y, x) =>
  (y >= 0 && y < view.height && x >= 0 && x < view.width ? view.bytes[y * view.down + x * view.across] : 0);

// ---- finding them ------------------------------------------------------------------------------------------

// Rows and columns of ink, one after the other.
function spotsOf({ bytes, height, width, down, across }, faint) {
  const spots = new Uint16Array(2 * height * width);
  let count = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (bytes[y * down + x * across] >= faint) {
        spots[count++] = y;
        spots[count++] = x;
      }
  return spots.subarray(0, count);
}

// How many rows a line of that slope has fallen at each column.
function fallsOf(view, slope) {
  const last = view.width - 1, falls = new Int32Array(view.width);
  for (let x = 0; x < view.width; x++) falls[x] = Math.sign(slope) * whole(Math.abs(slope) * x + whole(last, 2), last);
  return falls;
}

// How much ink there is along each line of a slope, from row -most on.
function addUp(view, spots, most, falls) {
  const inked = new Uint32Array(view.height + 2 * most);
  for (let i = 0; i < spots.length; i += 2) inked[spots[i] - falls[spots[i + 1]] + most]++;
  return inked;
}

// How many pixels of the picture are along each.
function countInside(view, most, falls) {
  const inside = new Int32Array(view.height + 2 * most + 1);
  for (const fall of falls) {
    inside[most - fall]++;
    inside[most - fall + view.height]--;
  }
  for (let row = 1; row < inside.length; row++) inside[row] += inside[row - 1];
  return inside;
}

// The lines of the slope in which the sums along all have the largest squares; null if there is no ink, or more than paper with
// lines has.
function findLines(view, ink) {
  const most = whole(view.width, 16), spots = spotsOf(view, whole(ink.strongest, 8) + 1);
  if (spots.length === 0 || spots.length / 2 >= whole(ink.bytes.length, 2)) return null;
  let best = 0, lines = null;
  for (let steep = 0; steep <= most; steep++)
    for (const slope of steep ? [-steep, steep] : [0]) {
      const falls = fallsOf(view, slope), inked = addUp(view, spots, most, falls);
      let squares = 0;
      for (const sum of inked) squares += sum * sum;
      if (squares > best) lines = { most, falls, inked };
      best = Math.max(best, squares);
    }
  return { ...lines, inside: countInside(view, most, lines.falls) };
}

// First and last row of each line.
function listLines(view, lines) {
  const list = [], { inked, inside } = lines ?? { inked: [], inside: [] };
  for (let first = 0, last; first < inked.length; first = last + 1) {
    for (last = first; last < inked.length && inside[last] * 4 >= view.width && 4 * inked[last] >= 3 * inside[last];) last++;
    if (last > first && last - first <= view.thickest) list.push([first, --last]);
  }
  return list;
}

// ---- taking them out ---------------------------------------------------------------------------------------

// What row `above` and the row `deep` below it have in common on both sides of the pixel `part` rows below the first.
function commonOf(view, above, deep, part, x) {
  let most = 0;
  for (let shift = -deep; shift <= deep; shift++) {
    const before = Math.trunc((shift * part) / deep);
    const both = Math.min(pixelOf(view, above, x - before), pixelOf(view, above + deep, x + shift - before));
    most = Math.max(most, both);
  }
  return most;
}

// With the pixels at each side that the line may cover in part.
function removeLine(view, lines, first, last) {
  const deep = last - first + 4;
  for (let x = 0; x < view.width; x++) {
    const above = first - lines.most + lines.falls[x] - 2;
    for (let part = 1; part < deep; part++)
      if (above + part >= 0 && above + part < view.height)
        view.bytes[(above + part) * view.down + x * view.across] = commonOf(view, above, deep, part, x);
  }
}

function removeRuling(ink) {
  if (!isPhotograph(ink)) return;
  const views = [viewOf(ink, false), viewOf(ink, true)];
  const lines = views.map((view) => findLines(view, ink));
  const lists = views.map((view, i) => listLines(view, lines[i]));
  if (lists.every((list) => list.length < LEAST_LINES)) return;
  views.forEach((view, i) => lists[i].forEach(([first, last]) => removeLine(view, lines[i], first, last)));
}
