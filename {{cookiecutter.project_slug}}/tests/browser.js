// Measures the pages in the iframes of the wrapper that browser.py writes.
"use strict";

function scrolls(element) {
  for (let above = element.parentElement; above; above = above.parentElement) {
    const how = above.ownerDocument.defaultView.getComputedStyle(above).overflowX;
    if (how === "auto" || how === "scroll") return true;
  }
  return false;
}

function named(element) {
  const words = (element.getAttribute("aria-label") || element.textContent).trim();
  return `${element.tagName.toLowerCase()} ${words.slice(0, 60)}`;
}

// [red, green, blue, opacity], the colours from 0 to 255.
function channels(color) {
  const numbers = (color.match(/-?[\d.]+(e-?\d+)?%?/g) || []).map(parseFloat);
  const scale = color.startsWith("color(") ? 255 : 1;
  const [red, green, blue, opacity = 1] = numbers;
  return numbers.length < 3 ? [0, 0, 0, 0] : [red * scale, green * scale, blue * scale, opacity];
}

function over(above, below) {
  return [0, 1, 2].map((i) => above[3] * above[i] + (1 - above[3]) * below[i]).concat(1);
}

function background(element, view) {
  const layers = [];
  for (let one = element; one; one = one.parentElement) {
    layers.push(channels(view.getComputedStyle(one).backgroundColor));
  }
  return layers.reverse().reduce((below, above) => over(above, below), [255, 255, 255, 1]);
}

function luminance(color) {
  const parts = color.slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

function contrast(element, view) {
  const style = view.getComputedStyle(element);
  const behind = background(element, view);
  const ink = element instanceof view.SVGElement ? style.fill : style.color;
  const both = [luminance(over(channels(ink), behind)), luminance(behind)];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}

function painted(element, view) {
  if (element.tagName === "IMG") return element.naturalWidth > 0;
  const style = view.getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const colored = [style.fill, style.stroke].some((color) => channels(color)[3] > 0);
  return colored && box.width + box.height > 0;
}

function figure(element, view) {
  const box = element.getBoundingClientRect();
  const drawn = [...element.querySelectorAll("img, svg path, svg use, svg text")];
  const words = [...element.querySelectorAll("p, figcaption")];
  const texts = [...element.querySelectorAll("svg text")].map((text) => {
    const { a, b, c, d } = text.getScreenCTM();
    return parseFloat(view.getComputedStyle(text).fontSize) * Math.sqrt(Math.abs(a * d - b * c));
  });
  const spoken = element.querySelector('[role="img"][aria-label]') || element;
  return {
    name: named(element),
    width: box.width,
    height: box.height,
    painted: drawn.filter((one) => painted(one, view)).length || (drawn.length ? 0 : words.length),
    alternative: spoken.getAttribute("aria-label") || "",
    smallestText: Math.min(100, ...texts),
  };
}

function measure(frame) {
  const view = frame.contentWindow;
  const root = frame.contentDocument.documentElement;
  const elements = [...frame.contentDocument.body.querySelectorAll("*")];
  const outside = elements.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > view.innerWidth + 1 || box.left < -1) && !scrolls(element);
  });
  const written = elements.filter((element) => {
    const own = [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    return own && element.getBoundingClientRect().width > 1;
  });
  return {
    dark: view.matchMedia("(prefers-color-scheme: dark)").matches,
    width: view.innerWidth,
    scrollWidth: root.scrollWidth,
    outside: outside.slice(0, 5).map(named),
    broken: [...frame.contentDocument.images].filter((one) => !one.naturalWidth).map(named),
    figures: [...frame.contentDocument.querySelectorAll("figure")].map((one) => figure(one, view)),
    texts: written.map((one) => ({ text: named(one), contrast: contrast(one, view) })),
  };
}

window.addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(measure);
  document.getElementById("found").textContent = JSON.stringify(found);
});
