'use strict';

/** An element with text and children; strings never become markup, so that any name of a layer can be shown. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== ''));
  return made;
}

/** 1.23 G */
function rounded(value) {
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  while (value >= 1000 && unit + 1 < units.length) { value /= 1000; ++unit; }
  return (unit === 0 ? String(Math.round(value)) : value.toPrecision(3)) + units[unit];
}

function bytesText(value) { return value === 0 ? '0 bytes' : `${rounded(value)}${value < 1000 ? ' ' : ''}B`; }

function dataOfPage() { return JSON.parse(document.getElementById('data').textContent); }

/** For those who test the page: how long it took from the start of loading until now, in milliseconds. */
function sayReady() {
  const ready = Math.round(performance.now());
  document.documentElement.dataset.ready = ready;
}
