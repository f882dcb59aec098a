// page.js: sends what is drawn while it is drawn, or a picture that is given, and shows what the network makes of it.
"use strict";

const MOST_SIDE = 512;      // of a picture that is sent: the server looks at no more

const takesPictures = () => !model || model.values === "pixels";

// Colours are not drawn, and numbers are not seen.
function sayWhatIsTaken() {
  if (!takesPictures()) $("hint").textContent = "This network takes rows of numbers: POST them to /predict";
  else if (model.input.length === 3 && model.input[0] === 3) $("hint").textContent = "Drop or paste a picture";
  $("choose").disabled = !takesPictures();
}

// ---- asking ------------------------------------------------------------------------------------------------

function pictureOfPaper() {
  const head = new TextEncoder().encode(`P5 ${PICTURE} ${PICTURE} 255\n`);
  const bytes = new Uint8Array(head.length + PICTURE * PICTURE);
  bytes.set(head);
  bytes.set(greysOfPaper(), head.length);
  return bytes;
}

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

// The response and the JSON in it, or undefined after saying that there is no server.
async function reach(path, options) {
  try {
    const response = await fetch(path, options);
    return { response, answer: await response.json() };
  } catch {
    note("The server does not answer.");
    return undefined;
  }
}

// Returns how many milliseconds to wait before the next time.
async function askOnce() {
  const mine = drawing;
  const picture = given;
  const got = await reach("/predict?input=1&layers=1", {
    method: "POST",
    headers: { "Content-Type": "image/x-portable-anymap" },
    body: picture ? bodyOf(picture) : pictureOfPaper(),
  });
  if (!got || got.response.status === 503) {
    changed = true;
    return 1000 * Number(got?.response.headers.get("Retry-After") ?? 1);
  }
  const { response, answer } = got;
  if (drawing !== mine) return 0; // cleared meanwhile
  if (!response.ok && picture && bodyOf(picture) !== picture.bytes) {
    picture.file = null;
    changed = true;
    return 0;
  }
  note(response.ok ? "" : answer.error);
  if (!response.ok) return 0;
  if (!isOfModel(answer)) { // the server is another by now
    location.reload();
    return 0;
  }
  showAnswer(answer);
  showSeen(answer.input);
  for (const layer of answer.layers) layers.get(layer.name)(layer.values);
  speakSoon();
  return 0;
}

const shapes = (list) => list.map((layer) => `${layer.name} ${layer.output}`).join();
const isOfModel = (answer) => shapes(answer.layers) === shapes(model.layers);

// One request at a time; what is drawn meanwhile is sent as it is when the answer has come.
async function ask() {
  changed = true;
  if (asking || !model) return;
  asking = true;
  while (changed && drawn) {
    changed = false;
    const wait = await askOnce();
    await (wait ? pause(wait) : new Promise(requestAnimationFrame));
  }
  asking = false;
}

// ---- pictures ----------------------------------------------------------------------------------------------

// A picture that is given has its file, if the server reads such files, and its bytes as the browser reads it. Unless it is
// prepared as a digit the file is sent, so that it becomes the sample that nnrun pack makes of it; if the server refuses it,
// as too large, the bytes are.
const bodyOf = (picture) => (model.prepare === "digit" ? null : picture.file) ?? picture.bytes;

// PNG, JPEG, PGM or PPM, by the first bytes.
async function isRead(file) {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return (a === 0x89 && b === 0x50) || (a === 0xff && b === 0xd8) || (a === 0x50 && [0x32, 0x33, 0x35, 0x36].includes(b));
}

// A PPM file of the image, turned upright, no side longer than MOST_SIDE.
function pictureOf(image) {
  const scale = Math.min(1, MOST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const ground = groundOf(pixels);
  const head = new TextEncoder().encode(`P6 ${canvas.width} ${canvas.height} 255\n`);
  const bytes = new Uint8Array(head.length + (pixels.length / 4) * 3);
  bytes.set(head);
  for (let i = 0, at = head.length; i < pixels.length; i += 4)
    for (let c = 0; c < 3; c++)
      bytes[at++] = Math.round((pixels[i + c] * pixels[i + 3] + ground * (255 - pixels[i + 3])) / 255);
  return { bytes, ground };
}

// What is transparent becomes white or, where most of the rest is light, black.
function groundOf(pixels) {
  let light = 0, opacity = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    light += (pixels[i] + pixels[i + 1] + pixels[i + 2]) * pixels[i + 3];
    opacity += 3 * 255 * pixels[i + 3];
  }
  return 2 * light > opacity ? 0 : 255;
}

async function take(file) {
  clear();
  if (!takesPictures()) return;
  const mine = drawing;
  let image, read;
  try {
    read = (await isRead(file)) ? file : null;
    image = await createImageBitmap(file);
  } catch {
    note(`${file.name || "This"} is not a picture that the browser can read.`);
    return;
  }
  if (drawing !== mine) return; // cleared, drawn on or given another meanwhile
  const picture = pictureOf(image);
  given = { file: read, bytes: picture.bytes };
  showGiven(image, picture.ground);
  begun();
  ask();
}

// ---- beginning ---------------------------------------------------------------------------------------------

function countClasses() {
  const output = model.layers.find((layer) => layer.name === model.output);
  const count = output.output.reduce((product, n) => product * n, 1);
  return count === 1 && output.type === "logistic" ? 2 : count;
}

async function begin() {
  beginPaper();
  let got;
  while (!(got = await reach("/model"))?.response.ok) await pause(1000);
  note("");
  model = got.answer;
  model.count = countClasses();
  sayWhatIsTaken();
  if (isLight()) clear();
  showModel();
  if (drawn) ask();
}

begin();
