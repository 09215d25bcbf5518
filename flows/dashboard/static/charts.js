// Draws the figures that carry a Vega-Lite specification, in the page's own colours, without eval.
import { compile, expressionInterpreter, parse, View, Warn } from "/static/vega.js";

const drawn = new Map();

function colours() {
  const named = getComputedStyle(document.documentElement);
  const of = (name) => named.getPropertyValue(`--${name}`).trim();
  const axis = { domainColor: of("line"), gridColor: of("line"), labelColor: of("soft"), tickColor: of("line"), titleColor: of("soft"), labelFont: "system-ui, sans-serif", titleFont: "system-ui, sans-serif", labelFontSize: 12, titleFontWeight: 500 };
  return {
    background: null,
    view: { stroke: null },
    axis,
    font: "system-ui, sans-serif",
    style: {
      span: { color: of("span"), opacity: 0.45 },
      best: { color: of("best"), strokeWidth: 1.5 },
      range: { color: of("ink"), strokeWidth: 2 },
      report: { color: of("ink"), opacity: 1 },
      land: { color: of("raised"), stroke: of("line") },
      place: { color: of("best") },
      name: { color: of("ink"), fontSize: 11.5 },
    },
  };
}

async function draw(figure) {
  const box = figure.querySelector(".drawn");
  const spec = JSON.parse(figure.dataset.chart);
  const room = figure.clientWidth || 480;
  if (spec.projection && room < spec.width) {
    const share = room / spec.width;
    spec.projection.scale *= share;
    spec.projection.translate = spec.projection.translate.map((middle) => middle * share);
    spec.width = room;
    spec.height *= share;
  } else if (!spec.width) {
    spec.width = room - 4;
    spec.autosize = { type: "fit-x", contains: "padding" };
  }
  drawn.get(figure)?.finalize();
  const made = compile(spec, { config: colours() }).spec;
  const view = new View(parse(made, null, { ast: true }), { expr: expressionInterpreter, renderer: "canvas", container: box, logLevel: Warn, hover: false });
  drawn.set(figure, view);
  await view.runAsync();
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", figure.querySelector("figcaption").textContent.trim());
  figure.dataset.drawn = "yes";
}

const watching = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (isIntersecting && !drawn.has(target)) {
      draw(target);
    }
  }
}, { rootMargin: "300px" });

export function drawAll(within = document) {
  for (const figure of within.querySelectorAll("figure[data-chart]")) {
    watching.observe(figure);
  }
}

function drawAgain() {
  for (const figure of drawn.keys()) {
    if (figure.isConnected) {
      draw(figure);
    }
  }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(drawAgain, 200);
});
