// row.js: the numbers of a sample in text: JSON, a list or by names; CSV, with a header or without; or with blanks between. Where
// columns have names, a header and JSON place values by them, as nnrun predict and serve do.
"use strict";

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const quoted = (text) => `“${text.slice(0, 40)}”`;

// The cells of a line, without their quotes.
function cellsOf(line) {
  const separator = line.replace(/"[^"]*"/g, "").match(/[\t;]/)?.[0] ?? ",", cells = [];
  const cell = new RegExp(` *(?:"((?:[^"]|"")*)"|([^${separator}]*?)) *(?:${separator}|$)`, "y");
  while (cell.lastIndex < line.length) {
    const [, inside, plain] = cell.exec(line);
    cells.push(inside?.replaceAll('""', '"') ?? plain);
  }
  return cells;
}

// What stands under the names, in the order of the network's columns.
function placed(names, words) {
  const under = new Map(names.map((name, i) => [name, words[i]]));
  const twice = names.find((name, i) => names.indexOf(name) < i), missing = model.columns.find((name) => !under.has(name));
  const known = new Set(model.columns), unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) return { reason: `${quoted(unknown)} is not a column that the network takes.` };
  if (twice !== undefined) return { reason: `The column ${quoted(twice)} is there twice.` };
  if (missing !== undefined) return { reason: `The column ${quoted(missing)} is missing.` };
  return { words: model.columns.map((name) => under.get(name)) };
}

function wordsOfJson(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    return { reason: "This is not valid JSON." };
  }
  const values = typeof told.values === "object" && told.values ? told.values : told;
  const words = Object.values(values).map((value) => JSON.stringify(value));
  if (Array.isArray(values)) return { words };
  return model.columns ? placed(Object.keys(values), words) : { reason: "The network does not know names of columns." };
}

function wordsOfTable(text) {
  const [first, ...rest] = text.split(/\s*[\r\n]+/), names = cellsOf(first), known = new Set(model.columns ?? []);
  const named = names.length === known.size && names.every((name) => known.has(name));
  if (!named && (rest.length === 0 || NUMBER.test(first.split(/["\s,;]+/).find(Boolean))))
    return { words: text.split(/["\s,;]+/).filter(Boolean) };
  if (rest.length !== 1) return { reason: `Expected one row below the header, not ${rest.length}.` };
  const words = cellsOf(rest[0]);
  if (words.length !== names.length) return { reason: `Expected ${names.length} numbers below the header, not ${words.length}.` };
  return model.columns ? placed(names, words) : { words };
}

// The row of numbers in a text, or the reason why it is none.
function rowOf(text) {
  const plain = text.replace(/^\uFEFF/, "").trim(), count = graph.input.length;
  const { words, reason } = /^[{[]/.test(plain) ? wordsOfJson(plain) : wordsOfTable(plain);
  if (reason) return { reason };
  const numbers = words.map((word) => Math.fround(NUMBER.test(word) ? Number(word) : NaN));
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  const range = model.bytes ? "whole numbers from 0 to 255" : "numbers";
  if (wrong >= 0) return { reason: `${quoted(words[wrong])} is not a number.` };
  if (model.bytes && !numbers.every((value) => value >= 0 && value <= 255 && Number.isInteger(value)))
    return { reason: `Expected ${range}.` };
  return numbers.length === count ? { numbers } : { reason: `Expected ${count} ${range}, not ${numbers.length}.` };
}
