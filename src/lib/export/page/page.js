// page.js: asks the network in this page about what is drawn, about a picture that is given, or about a row of numbers.
"use strict";

let graph = null;
const input = { channels: 0, height: 0, width: 0, prepare: "" };

const takesPictures = () => !model || model.takes === "pictures";

// ---- asking ------------------------------------------------------------------------------------------------

// The best classes, the best first, of equals the one with the lower number.
function bestOf(values) {
  const all = [...values.keys()].map((i) => ({ class: i, value: values[i] }));
  return all.sort((a, b) => b.value - a.value).slice(0, 5);
}

// What nnrun predict tells of it. Of a single output for two classes it is the probability of the second.
function answerTo(sample, digits = 0, many = false) {
  const outputs = runGraph(graph, sample), classes = outputs.every(Number.isFinite)
    ? bestOf(model.count > outputs.length ? [Math.fround(1 - outputs[0]), outputs[0]] : [...outputs]) : [];
  return {
    class: classes[0]?.class ?? null,
    probability: model.probabilities ? classes[0]?.value ?? null : null,
    classes,
    layers: model.layers.map(({ name, value }) => ({ name, values: graph.values[value] })),
    digits,
    many,
  };
}

function askAboutRow() {
  const { numbers, reason } = rowOf($("row").value);
  note(reason ?? "");
  if (reason) showNothing(); // not what was answered before
  return numbers ? answerTo(numbers) : null;
}

function askAboutPicture() {
  const sample = preparePicture(given ?? [{ bytes: greysOfPaper(), height: PICTURE, width: PICTURE }], input);
  showSeen({ ...input, pixels: sample.bytes });
  return answerTo(sample.bytes, sample.digits, sample.many);
}

function answerNow() {
  asking = changed = false;
  if (!drawn) return;
  const answer = takesPictures() ? askAboutPicture() : askAboutRow();
  if (!answer) return;
  showAnswer(answer);
  for (const layer of answer.layers) layers.get(layer.name)(layer.values);
  speakSoon();
}

// Once a frame, however often it is drawn on meanwhile.
function ask() {
  changed = true;
  if (asking) return;
  asking = true;
  requestAnimationFrame(answerNow);
}

// ---- pictures ----------------------------------------------------------------------------------------------

// As the browser reads it, upright, without its colour profile.
function pixelsOfImage(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

// The pixels of a file, and what the paper shows of it.
async function readPicture(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const image = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  return { image, pixels: isPng(bytes) && "DecompressionStream" in window ? await pixelsOfPng(bytes) : pixelsOfImage(image) };
}

async function take(file) {
  clear();
  const mine = drawing;
  let read;
  try {
    read = await (takesPictures() ? readPicture(file) : file.text());
  } catch {
    if (drawing === mine) note(`${file.name || "This"} is not a ${takesPictures() ? "picture" : "file"} that the browser can read.`);
    return;
  }
  if (drawing !== mine) return; // cleared, drawn on or given another meanwhile
  if (!takesPictures()) {
    setRow(read);
    return;
  }
  given = pictureOfPixels(read.pixels);
  showGiven(read.image, backgroundOf(read.pixels.data, read.pixels.height, read.pixels.width)[0] > 127);
  begun();
  ask();
}

// A file with a row of numbers.
function setRow(text) {
  $("row").value = text.slice(0, 1 << 20);
  begun();
  ask();
}

// ---- beginning ---------------------------------------------------------------------------------------------

// Floats in little-endian order, as text.
function weightsOf(text) {
  const letters = atob(text), view = new DataView(new ArrayBuffer(letters.length));
  for (let i = 0; i < letters.length; i++) view.setUint8(i, letters.charCodeAt(i));
  const weights = new Float32Array(letters.length / 4);
  for (let i = 0; i < weights.length; i++) weights[i] = view.getFloat32(4 * i, true);
  return weights;
}

// The first answers take longer, until the script is compiled: so they are given in idle time, about a stroke, and not shown.
function warmUp() {
  const bytes = new Uint8Array(PICTURE * PICTURE).fill(255, PICTURE * 99, PICTURE * 121);
  if (drawn) return;
  answerTo(takesPictures() ? preparePicture([{ bytes, height: PICTURE, width: PICTURE }], input).bytes : new Float32Array(graph.input.length));
}

const idle = (act) => (window.requestIdleCallback ?? setTimeout)(act);

function begin() {
  const told = JSON.parse($("network").textContent);
  model = { ...told.model, classes: told.classes, prepare: told.model.picture.prepare };
  beginPaper();
  Object.assign(input, model.picture);
  graph = makeGraph(told.graph, weightsOf($("weights").textContent));
  if (model.picture.channels === 3) $("hint").textContent = "Drop or paste a picture";
  for (const part of document.querySelectorAll(".draw, .seen")) part.hidden = !takesPictures();
  document.querySelector(".rows").hidden = takesPictures();
  $("row-label").textContent = `A row of ${graph.input.length} numbers`;
  if (model.columns) $("row").placeholder = JSON.stringify(Object.fromEntries(model.columns.map((name) => [name, 0])), null, 1);
  $("row").addEventListener("input", () => {
    if ($("row").value.trim() === "") {
      clear();
      return;
    }
    begun();
    ask();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") $("row").value = "";
  });
  $("origin").textContent = model.about;
  showModel();
  idle(() => {
    warmUp();
    idle(warmUp);
  });
}

begin();
