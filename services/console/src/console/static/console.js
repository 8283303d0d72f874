// The parts of a page that need a clock: countdowns to deadlines, ages, and the warning of a lost connection.
function showTime(element) {
  const left = (new Date(element.dateTime) - Date.now()) / 1000;
  const amount = Math.abs(left);
  const duration = amount < 60 ? `${Math.round(amount)} s`
    : amount < 3600 ? `${Math.floor(amount / 60)} min ${Math.floor(amount % 60)} s`
    : amount < 86400 ? `${Math.floor(amount / 3600)} h ${Math.floor(amount / 60 % 60)} min`
    : `${Math.floor(amount / 86400)} d ${Math.floor(amount / 3600 % 24)} h`;
  const text = element.matches(".due") ? (left > 0 ? `in ${duration}` : "now") : `${duration} ago`;
  if (element.textContent !== text) element.textContent = text;
}

const showAllTimes = () => document.querySelectorAll("time.due, time.ago").forEach(showTime);
setInterval(showAllTimes, 1000);
addEventListener("DOMContentLoaded", showAllTimes);
addEventListener("htmx:after:swap", showAllTimes);

// What is wider than the screen says that it can be scrolled.
const tellWide = () => document.querySelectorAll(".lanes, .scrolling, .map").forEach((wide) =>
  wide.classList.toggle("wide", wide.scrollWidth > wide.clientWidth + 1));
for (const event of ["DOMContentLoaded", "resize", "htmx:after:swap"]) addEventListener(event, tellWide);

const FULL = 503;
function live(is, status) {
  document.body.classList.toggle("offline", !is && status !== FULL);
  document.body.classList.toggle("full", !is && status === FULL);
}
addEventListener("htmx:sse:error", ({ detail }) => live(false, detail.status));
addEventListener("htmx:response:error", ({ detail }) => live(false, detail.ctx.response.status));
addEventListener("htmx:after:sse:connection", () => live(true));

// A slider shows its value.
addEventListener("input", ({ target }) => {
  const output = target.matches("input[type=range]") && document.querySelector(`output[for="${target.id}"]`);
  if (output) output.textContent = target.value;
});
