// ink.js: what in a grey picture is ink, and how much: told from paper, clean or under shade, as picture_ink.h says; in whole
// numbers. An ink is a plane with its strongest pixel (0: none) and the cut, below which is the paper's unevenness.
"use strict";

const LEAST_INK = 16;            // a picture that differs less from its paper is empty
const LEAST_PHOTOGRAPH = 64;     // pixels of a side
const LEAST_SMOOTHED = 100;      // likewise; in smaller pictures a stroke may be a pixel wide
const COARSE = 128;              // pixels of the longer side of the picture in which the paper is found
const MOST_CUT = 4;              // the cut is at most this part of the ink

const isPhotograph = (plane) => plane.height >= LEAST_PHOTOGRAPH && plane.width >= LEAST_PHOTOGRAPH;

function medianOf(counts) {
  const all = counts.reduce((sum, n) => sum + n, 0);
  let value = 0;
  for (let seen = 0; value < 255; value++) {
    seen += counts[value];
    if (2 * seen >= all) break;
  }
  return value;
}

// ---- noise -------------------------------------------------------------------------------------------------

// The median difference of neighbours.
function noiseOf({ bytes, height, width }) {
  const counts = new Float64Array(256);
  for (let y = 0; y < height; y++)
    for (let x = 1; x < width; x++) counts[Math.abs(bytes[y * width + x] - bytes[y * width + x - 1])]++;
  return medianOf(counts);
}

// A median of 3 x 3 pixels; the outermost stay.
function smooth({ bytes, height, width }) {
  const from = bytes.slice(), near = new Uint8Array(9);
  for (let y = 1; y + 1 < height; y++)
    for (let x = 1; x + 1 < width; x++) {
      for (let row = 0, i = 0; row < 3; row++)
        for (let column = 0; column < 3; column++, i++) {
          const value = from[(y + row - 1) * width + x + column - 1];
          let at = i;
          for (; at > 0 && near[at - 1] > value; at--) near[at] = near[at - 1];
          near[at] = value;
        }
      bytes[y * width + x] = near[4];
    }
}

// ---- a clean sheet -----------------------------------------------------------------------------------------

function countBorder({ bytes, height, width }) {
  const counts = new Float64Array(256);
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) counts[bytes[y * width + x]]++;
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) counts[bytes[y * width + x]]++;
  return counts;
}

function countAll({ bytes }) {
  const counts = new Float64Array(256);
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]]++;
  return counts;
}

// Do `part` of 4 have about that grey?
function isMostly(counts, grey, about, part) {
  let all = 0, near = 0;
  counts.forEach((n, value) => {
    all += n;
    if (Math.abs(value - grey) <= about) near += n;
  });
  return 4 * near >= part * all;
}

function isClean(plane, border, paper, noise) {
  const about = Math.max(3 * noise, 12);
  return !isPhotograph(plane) || (isMostly(border, paper, about, 3) && isMostly(countAll(plane), paper, about, 1));
}

// Ink is what differs from the paper, towards the side on which more of the picture lies.
function takeClean(ink, border, paper) {
  const deviations = new Float64Array(256), { bytes } = ink;
  let above = 0, below = 0, strongest = 0;
  border.forEach((n, value) => { deviations[Math.abs(value - paper)] += n; });
  for (let i = 0; i < bytes.length; i++)
    if (bytes[i] > paper) above += bytes[i] - paper;
    else below += paper - bytes[i];
  const sign = below > above ? -1 : 1;
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Math.max(0, sign * (bytes[i] - paper));
    strongest = Math.max(strongest, bytes[i]);
  }
  ink.strongest = strongest;
  ink.cut = Math.min(4 * medianOf(deviations), whole(ink.strongest, MOST_CUT));
}

// ---- any other ---------------------------------------------------------------------------------------------

// Each of `count` bytes, `step` apart, becomes the largest, or smallest, of those up to `reach` away.
function spreadLine(bytes, first, count, step, reach, better) {
  const old = Array.from({ length: count }, (_, i) => bytes[first + i * step]);
  for (let i = 0; i < count; i++)
    bytes[first + i * step] = better(...old.slice(Math.max(0, i - reach), i + reach + 1));
}

function spreadSquare({ bytes, height, width }, reach, better) {
  for (let y = 0; y < height; y++) spreadLine(bytes, y * width, width, 1, reach, better);
  for (let x = 0; x < width; x++) spreadLine(bytes, x, height, width, reach, better);
}

// The sum of each rectangle that begins at the top left.
function sumsOf({ bytes, height, width }) {
  const sums = new Float64Array((height + 1) * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0, row = 0; x < width; x++) {
      row += bytes[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  return sums;
}

// Is it light that is rare? The greys around their local mean are then skewed towards it.
function isLightRare(coarse, reach) {
  const { bytes, height, width } = coarse, sums = sumsOf(coarse), line = width + 1;
  let skew = 0, all = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const top = Math.max(0, y - reach), left = Math.max(0, x - reach);
      const bottom = Math.min(height, y + reach + 1), right = Math.min(width, x + reach + 1);
      const sum = sums[bottom * line + right] - sums[top * line + right] - sums[bottom * line + left] + sums[top * line + left];
      const off = bytes[y * width + x] - whole(sum, (bottom - top) * (right - left));
      skew += off ** 3;
      all += Math.abs(off) ** 3;
    }
  return 16 * skew > all;
}

function invert({ bytes }) {
  for (let i = 0; i < bytes.length; i++) bytes[i] = 255 - bytes[i];
}

// What is so strong that only a 256th of the pixels is stronger.
function strongestOf(plane) {
  const counts = countAll(plane);
  let value = 255;
  for (let stronger = 0; value > 0; value--) {
    stronger += counts[value];
    if (stronger * 256 > plane.bytes.length) break;
  }
  return value;
}

// The paper is found by closing: what is narrower than a square disappears. Ink is the part of the light that a pixel lacks.
function takeUneven(ink) {
  const longer = Math.max(ink.height, ink.width), most = Math.min(longer, COARSE);
  const coarse = resize(ink, boxOf(ink), whole(ink.height * most + longer - 1, longer), whole(ink.width * most + longer - 1, longer));
  const reach = whole(Math.max(coarse.height, coarse.width), 10), light = isLightRare(coarse, reach);
  if (light) [coarse, ink].forEach(invert);
  spreadSquare(coarse, reach, Math.max);
  spreadSquare(coarse, reach + 1, Math.min);
  const paper = resize(coarse, boxOf(coarse), ink.height, ink.width).bytes;
  for (let i = 0; i < paper.length; i++) {
    const lacks = Math.max(0, paper[i] - ink.bytes[i]);
    ink.bytes[i] = light || lacks === 0 ? lacks : whole(255 * lacks, paper[i]);
  }
  ink.strongest = strongestOf(ink);
  ink.cut = whole(ink.strongest, MOST_CUT);
  for (let i = 0; i < paper.length; i++) ink.bytes[i] = Math.min(ink.bytes[i], ink.strongest);
}

// The plane becomes ink.
function findInk(ink) {
  const noise = noiseOf(ink);
  if (noise >= 3 && ink.height >= LEAST_SMOOTHED && ink.width >= LEAST_SMOOTHED) smooth(ink);
  const border = countBorder(ink), paper = medianOf(border);
  if (isClean(ink, border, paper, noise)) takeClean(ink, border, paper);
  else takeUneven(ink);
}

function cutInk(ink) {
  if (ink.cut > 0) for (let i = 0; i < ink.bytes.length; i++) ink.bytes[i] = Math.max(0, ink.bytes[i] - ink.cut);
  ink.strongest = ink.strongest < LEAST_INK ? 0 : ink.strongest - ink.cut;
}
