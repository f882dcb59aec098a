// picture.js: a picture brought to a size and to colours, in whole numbers: the same bytes that nnrun predict makes of it. A
// plane is bytes, row by row, with its height and width; a picture is one plane, grey, or three, red, green and blue.
"use strict";

const makePlane = (height, width) => ({ bytes: new Uint8Array(height * width), height, width });
const whole = (numerator, denominator) => Math.floor(numerator / denominator);
const nearest = (numerator, denominator) => whole(2 * numerator + denominator, 2 * denominator);

// ---- sizes -------------------------------------------------------------------------------------------------

// Of each of `to` pixels along a side of `from`: the pixels that it is made of, `count` from `first` on. The first has weight
// `head`, the last of several `tail`, those between `to`; the weights add up to `whole`. What becomes smaller is the average
// over the area that a pixel covers.
function averageTaps(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const begin = i * from, end = begin + from, first = whole(begin, to), last = whole(end - 1, to);
    return { first, count: last - first + 1, head: (first + 1) * to - begin, tail: end - last * to };
  });
}

// What becomes larger is interpolated between the middles of pixels, the outermost going on to the edge.
function interpolationTaps(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, (2 * i + 1) * from - to), first = whole(place, 2 * to), behind = place % (2 * to);
    return first + 1 >= from ? { first, count: 1, head: 2 * to, tail: 0 } : { first, count: 2, head: 2 * to - behind, tail: behind };
  });
}

const tapsOf = (from, to) => (to < from ? averageTaps(from, to) : interpolationTaps(from, to));
const wholeOf = (from, to) => (to < from ? from : 2 * to);

function addRow(taps, to, bytes, row, scale, sums) {
  for (let i = 0; i < taps.length; i++) {
    const { first, count, head, tail } = taps[i], last = row + first + count - 1;
    let between = 0;
    for (let k = row + first + 1; k < last; k++) between += bytes[k];
    sums[i] += scale * (head * bytes[row + first] + to * between + (count > 1 ? tail * bytes[last] : 0));
  }
}

// The part of a plane in a box, as another plane of that size. One rounding, to nearest.
function resize(plane, box, height, width) {
  const made = makePlane(height, width), sums = new Float64Array(width);
  const down = tapsOf(box.bottom - box.top, height), across = tapsOf(box.right - box.left, width);
  const all = wholeOf(box.bottom - box.top, height) * wholeOf(box.right - box.left, width);
  for (let y = 0; y < height; y++) {
    const { first, count, head, tail } = down[y];
    sums.fill(0);
    for (let k = 0; k < count; k++)
      addRow(across, width, plane.bytes, (box.top + first + k) * plane.width + box.left,
        k === 0 ? head : k + 1 === count ? tail : height, sums);
    for (let x = 0; x < width; x++) made.bytes[y * width + x] = whole(sums[x] + whole(all, 2), all);
  }
  return made;
}

const boxOf = (plane) => ({ top: 0, left: 0, bottom: plane.height, right: plane.width });

function borderMean(plane) {
  let sum = 0, count = 0;
  for (let y = 0; y < plane.height; y++) {
    const step = y === 0 || y + 1 === plane.height || plane.width === 1 ? 1 : plane.width - 1;
    for (let x = 0; x < plane.width; x += step, count++) sum += plane.bytes[y * plane.width + x];
  }
  return whole(sum + whole(count, 2), count);
}

// a * b / c, at least 1.
const share = (a, b, c) => Math.max(1, whole(a * b + whole(c, 2), c));

// Into the middle, and the mean of the border around it.
function fitPlane(plane, height, width, innerHeight, innerWidth) {
  const made = makePlane(height, width), inner = resize(plane, boxOf(plane), innerHeight, innerWidth);
  const top = whole(height - innerHeight, 2), left = whole(width - innerWidth, 2);
  made.bytes.fill(borderMean(plane));
  for (let y = 0; y < innerHeight; y++)
    made.bytes.set(inner.bytes.subarray(y * innerWidth, (y + 1) * innerWidth), (top + y) * width + left);
  return made;
}

// Where the sides have another ratio it is stretched, or fitted in, or what is too long is cropped at both ends.
function takePlane(plane, height, width, how) {
  const wide = plane.width * height > plane.height * width, same = plane.width * height === plane.height * width;
  const box = boxOf(plane);
  if (how === "fit" && !same)
    return fitPlane(plane, height, width, wide ? share(width, plane.height, plane.width) : height,
      wide ? width : share(height, plane.width, plane.height));
  if (how === "crop" && !same) {
    const [keptHeight, keptWidth] = wide ? [plane.height, share(plane.height, width, height)]
      : [share(plane.width, height, width), plane.width];
    box.top = whole(plane.height - keptHeight, 2);
    box.left = whole(plane.width - keptWidth, 2);
    box.bottom = box.top + keptHeight;
    box.right = box.left + keptWidth;
  }
  return resize(plane, box, height, width);
}

// ---- colours -----------------------------------------------------------------------------------------------

const LUMA = [299, 587, 114]; // thousandths

function greyOf(picture) {
  if (picture.length === 1) return picture[0];
  const grey = makePlane(picture[0].height, picture[0].width), [red, green, blue] = picture;
  for (let i = 0; i < grey.bytes.length; i++)
    grey.bytes[i] = whole(LUMA[0] * red.bytes[i] + LUMA[1] * green.bytes[i] + LUMA[2] * blue.bytes[i] + 500, 1000);
  return grey;
}

// Sums of pixels of red, green, blue and opacity.
function see(pixels, i, seen) {
  seen.count++;
  seen.opacity += pixels[4 * i + 3];
  for (let c = 0; c < 3; c++) seen.colour[c] += pixels[4 * i + 3] * pixels[4 * i + c];
}

const nothingSeen = () => ({ count: 0, opacity: 0, colour: [0, 0, 0] });

// The mean colour of the border or, if most of it is transparent, white or black: what is further from all that is seen.
function backgroundOf(pixels, height, width) {
  const border = nothingSeen(), all = nothingSeen();
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) see(pixels, y * width + x, border);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) see(pixels, y * width + x, border);
  if (2 * border.opacity > 255 * border.count)
    return border.colour.map((sum) => whole(sum + whole(border.opacity, 2), border.opacity));
  for (let i = 0; i < height * width; i++) see(pixels, i, all);
  const light = all.colour.reduce((sum, colour, c) => sum + colour * LUMA[c], 0);
  return Array(3).fill(light > whole(all.opacity * 255, 2) * 1000 ? 0 : 255);
}

// A picture of pixels of red, green, blue and opacity, laid over its background.
function pictureOfPixels({ data, height, width }) {
  const background = backgroundOf(data, height, width);
  return background.map((under, c) => {
    const plane = makePlane(height, width);
    for (let i = 0; i < height * width; i++) {
      const opacity = data[4 * i + 3];
      plane.bytes[i] = whole(data[4 * i + c] * opacity + under * (255 - opacity) + 127, 255);
    }
    return plane;
  });
}
