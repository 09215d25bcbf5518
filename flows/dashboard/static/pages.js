// What JavaScript adds to pages that are whole without it: times in the reader's zone, charts, the slider.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const local = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });

for (const time of document.querySelectorAll("time[datetime*='T']")) {
  time.title = `${time.textContent} UTC`;
  time.textContent = local.format(new Date(time.dateTime));
}
const told = document.querySelector("footer .zone");
if (told && zone !== "UTC") {
  told.textContent = ` in the data; shown in your zone, ${zone}`;
  told.hidden = false;
}

if (document.querySelector("[data-chart]")) {
  import("/static/charts.js").then((charts) => charts.drawAll());
}
if (document.querySelector("[data-history], [data-include]")) {
  import("/static/history.js").then((history) => {
    history.attachAll();
    history.includeAll();
  });
}
