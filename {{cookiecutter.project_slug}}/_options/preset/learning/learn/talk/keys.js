// Arrow keys, space, page keys, Home and End go from slide to slide; without this the page scrolls.
const slides = [...document.querySelectorAll(".slide")];
const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

function current() {
  const middle = window.scrollY + window.innerHeight / 2;
  const place = slides.findIndex((slide) => slide.offsetTop + slide.offsetHeight > middle);
  return place < 0 ? slides.length - 1 : place;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const ends = { Home: 0, End: slides.length - 1 };
  const goal = event.key in ends ? ends[event.key] : current() + (steps[event.key] ?? NaN);
  if (Number.isNaN(goal)) return;
  event.preventDefault();
  slides[Math.max(0, Math.min(slides.length - 1, goal))].scrollIntoView();
});
