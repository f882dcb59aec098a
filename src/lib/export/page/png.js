// png.js: the pixels of a PNG file as they are stored, as nnrun predict reads them: no gamma, no colour profile, 16 bits rounded
// to 8. A canvas would not give those that are partly transparent.
"use strict";

// ---- rows --------------------------------------------------------------------------------------------------

const MOST_PIXELS = 2 ** 26;
const MOST_AFTER = 2 ** 22; // bytes after the last pixel: some programs write a few
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }; // by colour type
// First column and row of each pass of an interlaced picture, and its steps.
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

const isPng = (bytes) => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);

// Fails as soon as there are more bytes than that: few may stand for very many.
async function inflate(parts, most) {
  const reader = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate")).getReader(), pieces = [];
  let size = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    if (size > most) throw new RangeError("there are data after its last pixel");
    pieces.push(piece.value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

// The chunks by name: of IDAT all, of others the last.
function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), chunks = { IDAT: [] };
  for (let at = 8; at + 12 <= bytes.length;) {
    const size = view.getUint32(at), name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const chunk = bytes.subarray(at + 8, at + 8 + size);
    if (name === "IDAT") chunks.IDAT.push(chunk);
    else chunks[name] = chunk;
    at += 12 + size;
  }
  return chunks;
}

// What a byte is told by: the ones before it, above it, and above that.
function paeth(left, above, corner) {
  const by = left + above - corner;
  const a = Math.abs(by - left), b = Math.abs(by - above), c = Math.abs(by - corner);
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

// Takes the filter off a row, whose pixels have `step` bytes.
function unfilter(kind, row, above, step) {
  if (kind === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i >= step ? row[i - step] : 0, corner = i >= step ? above[i - step] : 0;
    row[i] += kind === 1 ? left : kind === 2 ? above[i] : kind === 3 ? (left + above[i]) >> 1 : paeth(left, above[i], corner);
  }
}

// Sample number i of a row.
function sampleOf(row, depth, i) {
  if (depth === 8) return row[i];
  if (depth === 16) return 256 * row[2 * i] + row[2 * i + 1];
  return (row[(i * depth) >> 3] >> (8 - depth - ((i * depth) & 7))) & ((1 << depth) - 1);
}

// ---- pixels ------------------------------------------------------------------------------------------------

// Writes a pixel's samples as red, green, blue and opacity.
function painterOf({ type, depth, PLTE, tRNS }) {
  const byte = (value) => (depth === 16 ? Math.floor((value * 255 + 32895) / 65536) : (value * 255) / ((1 << depth) - 1));
  const count = CHANNELS[type], colours = count < 3 ? [0, 0, 0] : [0, 1, 2];
  const clear = tRNS && Array.from({ length: count }, (_, c) => 256 * tRNS[2 * c] + tRNS[2 * c + 1]);
  if (type === 3)
    return (samples, to, at) => {
      for (let c = 0; c < 3; c++) to[at + c] = PLTE[3 * samples[0] + c];
      to[at + 3] = tRNS?.[samples[0]] ?? 255;
    };
  return (samples, to, at) => {
    for (let c = 0; c < 3; c++) to[at + c] = byte(samples[colours[c]]);
    to[at + 3] = type >= 4 ? byte(samples[count - 1]) : clear?.every((value, c) => value === samples[c]) ? 0 : 255;
  };
}

function headerOf(chunks) {
  const view = new DataView(chunks.IHDR.buffer, chunks.IHDR.byteOffset, 13);
  const [depth, type, , , interlaced] = [8, 9, 10, 11, 12].map((at) => view.getUint8(at));
  return { ...chunks, width: view.getUint32(0), height: view.getUint32(4), depth, type, interlaced };
}

// ---- turning -----------------------------------------------------------------------------------------------

// The orientation that EXIF data tell, from 1 to 8; 0: none.
function orientationOf(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength), little = exif[0] === 0x49;
  const number = (at, bytes) => (at + bytes > exif.length ? 0 : bytes === 2 ? view.getUint16(at, little) : view.getUint32(at, little));
  const directory = number(4, 4), count = number(directory, 2);
  for (let at = directory + 2; at < directory + 2 + 12 * count; at += 12)
    if (number(at, 2) === 0x112 && number(at + 2, 2) === 3) return number(at + 8, 2);
  return 0;
}

// Upright: row y, column x comes from pixel begin + down * y + across * x.
function turned(picture, orientation) {
  const { data, height, width } = picture, last = height * width - 1, row = width * (height - 1);
  const source = { 2: [width - 1, width, -1], 3: [last, -width, -1], 4: [row, -width, 1], 5: [0, 1, width], 6: [row, 1, -width],
    7: [last, -1, -width], 8: [width - 1, -1, width] }[orientation];
  if (!source) return picture;
  const made = { data: new Uint8Array(data.length), height: orientation < 5 ? height : width, width: orientation < 5 ? width : height };
  const from = new Uint32Array(data.buffer), to = new Uint32Array(made.data.buffer), [begin, down, across] = source;
  for (let y = 0, at = 0; y < made.height; y++)
    for (let x = 0; x < made.width; x++, at++) to[at] = from[begin + down * y + across * x];
  return made;
}

// ---- all of it ---------------------------------------------------------------------------------------------

const passesOf = (png) => (png.interlaced ? PASSES : [[0, 0, 1, 1]]);

// Rows of a pass, pixels and bytes of each.
function sizesOf(png, [left, top, across, down]) {
  const wide = Math.max(0, Math.ceil((png.width - left) / across)), high = Math.max(0, Math.ceil((png.height - top) / down));
  return { wide, high: wide ? high : 0, size: Math.ceil((wide * png.depth * CHANNELS[png.type]) / 8) };
}

// Paints the pixels of a pass, whose rows begin at `at`; returns where they end.
function paintPass(png, bytes, at, pass, paint, data) {
  const [left, top, across, down] = pass, bits = png.depth * CHANNELS[png.type], { wide, high, size } = sizesOf(png, pass);
  const step = Math.max(1, bits >> 3), samples = new Array(CHANNELS[png.type]);
  let above = new Uint8Array(size);
  for (let y = 0; y < high; y++, at += 1 + size) {
    const row = bytes.subarray(at + 1, at + 1 + size);
    unfilter(bytes[at], row, above, step);
    for (let x = 0; x < wide; x++) {
      for (let c = 0; c < samples.length; c++) samples[c] = sampleOf(row, png.depth, x * samples.length + c);
      paint(samples, data, 4 * ((top + y * down) * png.width + left + x * across));
    }
    above = row;
  }
  return at;
}

// Bytes of red, green, blue and opacity, with height and width. Fails where the file is none, is too large, ends too early,
// or goes on.
async function pixelsOfPng(bytes) {
  const chunks = chunksOf(bytes), png = headerOf(chunks), paint = painterOf(png);
  if (png.width * png.height > MOST_PIXELS) throw new RangeError("it is too large");
  const sizes = passesOf(png).map((pass) => sizesOf(png, pass));
  const packed = await inflate(chunks.IDAT, sizes.reduce((sum, { high, size }) => sum + high * (1 + size), MOST_AFTER));
  const data = new Uint8Array(4 * png.width * png.height);
  let at = 0;
  for (const pass of passesOf(png)) at = paintPass(png, packed, at, pass, paint, data);
  if (at > packed.length) throw new RangeError("it ends too early");
  return turned({ data, height: png.height, width: png.width }, chunks.eXIf ? orientationOf(chunks.eXIf) : 0);
}
