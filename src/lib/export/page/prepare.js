// prepare.js: from a picture of any size to the bytes that a network takes, as nnrun predict does it: prepare_picture.h,
// picture_blobs.h and picture_digits.h say how.
"use strict";

const MOST_SIDE = 512;           // of a picture in which digits are looked for
const MOST_DIGITS = 64;          // more are not told apart

// ---- blobs -------------------------------------------------------------------------------------------------

// The label of each pixel, 0 or that of the connected ink that it is of; `parents` leads to the first label of the same.
function labelBlobs({ bytes, height, width, strongest }) {
  const labels = new Uint32Array(height * width), parents = [0];
  const root = (label) => {
    while (parents[label] !== label) label = parents[label] = parents[parents[label]];
    return label;
  };
  const unite = (a, b) => {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const one = root(a), other = root(b), first = Math.min(one, other);
    parents[Math.max(one, other)] = first;
    return first;
  };
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (bytes[at] * 16 < strongest) continue;
      let label = x > 0 ? labels[at - 1] : 0;
      if (x > 0 && y > 0) label = unite(label, labels[at - width - 1]);
      if (y > 0) label = unite(label, labels[at - width]);
      if (y > 0 && x + 1 < width) label = unite(label, labels[at - width + 1]);
      labels[at] = label || parents.push(parents.length) - 1;
    }
  for (let at = 0; at < labels.length; at++) if (labels[at] > 0) labels[at] = root(labels[at]);
  return labels;
}

function widen(box, by) {
  box.top = Math.min(box.top, by.top);
  box.left = Math.min(box.left, by.left);
  box.bottom = Math.max(box.bottom, by.bottom);
  box.right = Math.max(box.right, by.right);
}

const sideOf = (box) => Math.max(box.bottom - box.top, box.right - box.left);

// By label, in the order in which they are met.
function measureBlobs({ bytes, height, width }, labels) {
  const blobs = new Map();
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (labels[at] === 0) continue;
      if (!blobs.has(labels[at]))
        blobs.set(labels[at], { box: { top: y, left: x, bottom: y + 1, right: x + 1 }, area: 0, contact: 0, peak: 0, dropped: false });
      const blob = blobs.get(labels[at]), { box } = blob;
      box.bottom = y + 1;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      blob.area++;
      blob.contact += y === 0 || x === 0 || y + 1 === height || x + 1 === width;
      blob.peak = Math.max(blob.peak, bytes[at]);
    }
  return blobs;
}

// A table, a line across the picture or other writing, which touches the border, beside something large that does not.
function dropBorder(blobs, ink) {
  const longer = Math.max(ink.height, ink.width);
  let inner = 0;
  for (const blob of blobs) if (blob.contact === 0 && blob.peak * 4 >= ink.strongest) inner = Math.max(inner, sideOf(blob.box));
  if (inner * 10 < longer) return;
  for (const blob of blobs) {
    const side = sideOf(blob.box);
    blob.dropped = blob.contact > 0 && (2 * blob.contact >= side || blob.area * 32 < side * longer || 2 * inner >= side);
  }
}

function dropSpecks(blobs) {
  const largest = blobs.reduce((one, blob) => (!blob.dropped && (!one || sideOf(blob.box) > sideOf(one.box)) ? blob : one), null);
  for (const blob of blobs)
    blob.dropped ||= sideOf(blob.box) * 5 < sideOf(largest.box) || blob.peak * 4 < largest.peak;
}

// The blobs that belong to what was written; of a photograph the others are cleared from the ink.
function findBlobs(ink) {
  const labels = labelBlobs(ink), byLabel = measureBlobs(ink, labels), blobs = [...byLabel.values()];
  if (!isPhotograph(ink)) return blobs;
  dropBorder(blobs, ink);
  dropSpecks(blobs);
  for (let at = 0; at < labels.length; at++) if (labels[at] > 0 && byLabel.get(labels[at]).dropped) ink.bytes[at] = 0;
  return blobs.filter((blob) => !blob.dropped);
}

// ---- digits ------------------------------------------------------------------------------------------------

// How far apart two stretches are; their overlap is below 0.
const apart = (begin, end, otherBegin, otherEnd) => Math.max(begin, otherBegin) - Math.min(end, otherEnd);
const acrossOf = (a, b) => apart(a.left, a.right, b.left, b.right);
const downOf = (a, b) => apart(a.top, a.bottom, b.top, b.bottom);
const heightOf = (box) => box.bottom - box.top;

function areOne(a, b) {
  const across = acrossOf(a, b), down = downOf(a, b), height = Math.max(heightOf(a), heightOf(b));
  const narrower = Math.min(a.right - a.left, b.right - b.left);
  return (-across * 3 >= narrower && down * 2 < height) || (across * 16 < height && down * 16 < height);
}

// Box j becomes part of box i, and the last one box j.
function joinBoxes(boxes, i, j) {
  widen(boxes[i], boxes[j]);
  boxes[j] = boxes[boxes.length - 1];
  boxes.pop();
}

function joinAny(boxes) {
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++)
      if (areOne(boxes[i], boxes[j])) {
        joinBoxes(boxes, i, j);
        return true;
      }
  return false;
}

// A dot or a dash is part of the digit next to it.
function joinSmall(boxes) {
  const highest = Math.max(...boxes.map(heightOf)), small = boxes.findIndex((box) => heightOf(box) * 2 < highest);
  let nearestBox = 0, least = Infinity;
  if (small < 0) return false;
  boxes.forEach((box, i) => {
    const off = Math.max(0, acrossOf(boxes[small], box)) + Math.max(0, downOf(boxes[small], box));
    if (i === small || off >= least) return;
    least = off;
    nearestBox = i;
  });
  joinBoxes(boxes, nearestBox, small);
  return true;
}

// How many digits the blobs make; where they are too many, as in no writing, all are one.
function countDigits(blobs) {
  const boxes = blobs.map(({ box }) => ({ ...box }));
  if (boxes.length > MOST_DIGITS) return 1;
  while (joinAny(boxes));
  while (joinSmall(boxes));
  return boxes.length;
}

// ---- placing -----------------------------------------------------------------------------------------------

const rounded = (numerator, denominator) => Math.max(1, nearest(numerator, denominator));

// Where the first of `size` pixels goes among `room`, so that the centre of mass comes to the middle.
const centred = (room, size, sum, mass) => Math.min(room - size, Math.max(0, whole(room, 2) - whole(sum, 2 * mass)));

// What is in the box, its aspect kept, in 5/7 of the input, its strongest ink 255 and its centre of mass in the middle.
function placeBox(ink, box, { height, width }) {
  const made = makePlane(height, width);
  const most = { height: rounded(height * 5, 7), width: rounded(width * 5, 7) };
  const from = { height: heightOf(box), width: box.right - box.left };
  const tall = from.height * most.width > from.width * most.height;
  const inner = resize(ink, box, tall ? most.height : rounded(from.height * most.width, from.width),
    tall ? rounded(from.width * most.height, from.height) : most.width);
  const strongest = inner.bytes.reduce((so, value) => Math.max(so, value), 1);
  let mass = 0, down = 0, across = 0;
  inner.bytes.forEach((value, i) => {
    const strong = whole(value * 255 + whole(strongest, 2), strongest);
    inner.bytes[i] = strong;
    mass += strong;
    down += strong * (2 * whole(i, inner.width) + 1);
    across += strong * (2 * (i % inner.width) + 1);
  });
  const top = centred(height, inner.height, down, mass || 1), left = centred(width, inner.width, across, mass || 1);
  for (let y = 0; y < inner.height; y++)
    made.bytes.set(inner.bytes.subarray(y * inner.width, (y + 1) * inner.width), (top + y) * width + left);
  return made;
}

// A copy, no side longer than MOST_SIDE.
function shrink(plane) {
  const longer = Math.max(plane.height, plane.width), scale = (side) => rounded(side * MOST_SIDE, longer);
  return longer > MOST_SIDE ? resize(plane, boxOf(plane), scale(plane.height), scale(plane.width))
    : { ...plane, bytes: plane.bytes.slice() };
}

function prepareDigit(plane, input) {
  const ink = shrink(plane);
  findInk(ink);
  removeRuling(ink);
  cutInk(ink);
  const blobs = ink.strongest === 0 ? [] : findBlobs(ink);
  if (blobs.length === 0) return { plane: makePlane(input.height, input.width), digits: 0, many: false };
  const all = { ...blobs[0].box };
  for (const { box } of blobs) widen(all, box);
  return { plane: placeBox(ink, all, input), digits: countDigits(blobs), many: blobs.length > MOST_DIGITS };
}

// ---- all of it ---------------------------------------------------------------------------------------------

// The sample's bytes, and how many digits were seen where these were looked for.
function preparePicture(picture, input) {
  const planes = input.channels === 1 ? [greyOf(picture)] : [0, 1, 2].map((c) => picture[c % picture.length]);
  const bytes = new Uint8Array(input.channels * input.height * input.width);
  const set = (plane, c) => bytes.set(plane.bytes, c * input.height * input.width);
  if (input.prepare !== "digit" || input.channels !== 1) {
    planes.forEach((plane, c) => set(takePlane(plane, input.height, input.width, input.prepare), c));
    return { bytes, digits: 0, many: false };
  }
  const { plane, digits, many } = prepareDigit(planes[0], input);
  set(plane, 0);
  return { bytes, digits, many };
}
