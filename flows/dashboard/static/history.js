// The as-of form becomes a slider: it moves through the moments at which a toll changed, on either clock.
import { drawAll } from "/static/charts.js";

const local = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });
const signs = { at_least: "≥ ", more_than: "> ", about: "~ ", up_to: "≤ ", fewer_than: "< " };
const shown = (value, modifier) => (value === null ? "–" : (signs[modifier] ?? "") + value.toLocaleString("en-US"));

function rowOf(step) {
  const row = document.createElement("tr");
  const cells = [
    ["th", "", step.kind.replaceAll("_", " ")],
    ["td", "n", shown(step.low, step.low_modifier)],
    ["td", "n bestfigure", shown(step.best, step.best_modifier)],
    ["td", "n", shown(step.high, step.high_modifier)],
    ["td", "n", String(step.n_articles)],
    ["td", "n", String(step.n_origins)],
  ];
  for (const [name, kind, text] of cells) {
    const cell = document.createElement(name);
    cell.className = kind;
    cell.textContent = text;
    if (name === "th") {
      cell.scope = "row";
    }
    row.append(cell);
  }
  return row;
}

function standing(steps, clock, at) {
  const last = new Map();
  for (const step of steps) {
    if (step.clock === clock && step.at <= at) {
      last.set(step.kind, step);
    }
  }
  return [...last.values()].filter((step) => step.n_articles !== null).sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

async function attach(section) {
  const form = section.querySelector("form");
  if (!form) {
    return;
  }
  const data = await (await fetch(section.dataset.history)).json();
  const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, step: 1 });
  const label = form.querySelector("label.instant");
  const said = document.createElement("output");
  const isAddress = location.pathname === new URL(form.action).pathname;

  function show() {
    const clock = form.elements.clock.value;
    const instants = data.instants[clock];
    slider.max = Math.max(instants.length - 1, 0);
    const at = instants[slider.valueAsNumber];
    said.textContent = at ? `${local.format(new Date(at))}, ${slider.valueAsNumber + 1} of ${instants.length}` : "nothing";
    slider.setAttribute("aria-valuetext", said.textContent);
    section.querySelector(".then .moment").textContent = at ? local.format(new Date(at)) : "never";
    section.querySelector(".then .clock").textContent = clock === "published" ? "in print" : "in this ledger";
    section.querySelector(".then tbody").replaceChildren(...standing(data.steps, clock, at ?? "").map(rowOf));
    if (isAddress && at) {
      history.replaceState(null, "", `?clock=${clock}&at=${encodeURIComponent(at)}`);
    }
  }

  function toNearest(at) {
    const instants = data.instants[form.elements.clock.value];
    slider.max = Math.max(instants.length - 1, 0);
    const behind = instants.findLastIndex((instant) => instant <= at);
    slider.value = at ? Math.max(behind, 0) : instants.length - 1;
    show();
  }

  const start = form.elements.at.value;
  label.replaceChildren("Moment", slider, said);
  form.querySelector("button").remove();
  form.addEventListener("submit", (event) => event.preventDefault());
  slider.addEventListener("input", show);
  for (const clock of form.elements.clock) {
    clock.addEventListener("change", async () => {
      toNearest(null);
      const charts = (await documentAt(`${form.action}?clock=${clock.value}`))?.querySelector(".charts");
      if (charts && clock.checked) {
        section.querySelector(".charts").replaceWith(document.importNode(charts, true));
        drawAll(section);
      }
    });
  }
  toNearest(start);
  section.dataset.attached = "yes";
}

export function attachAll(within = document) {
  for (const section of within.querySelectorAll("[data-history]")) {
    attach(section);
  }
}

// A page of ours as a document, in which nothing runs; a parser that takes text is kept from us by Trusted Types.
function documentAt(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 ? request.response : null);
    request.onerror = () => resolve(null);
    request.send();
  });
}

// The history that a page links to is fetched and put in the link's place when it comes into view.
const watching = new IntersectionObserver(async (seen) => {
  for (const { isIntersecting, target } of seen) {
    if (isIntersecting && !target.dataset.asked) {
      target.dataset.asked = "yes";
      const found = (await documentAt(target.dataset.include))?.querySelector(".history");
      if (found) {
        const section = document.importNode(found, true);
        section.removeAttribute("id");
        target.replaceWith(section);
        drawAll(section);
        attach(section);
      }
    }
  }
}, { rootMargin: "200px" });

export function includeAll() {
  for (const link of document.querySelectorAll("[data-include]")) {
    watching.observe(link);
  }
}
