// What only a clock on the page can do: deadlines count down, and a page that has lost its line says so.
function tell(element) {
  const left = (new Date(element.dateTime) - Date.now()) / 1000;
  const amount = Math.abs(left);
  const words = amount < 60 ? `${Math.round(amount)} s`
    : amount < 3600 ? `${Math.floor(amount / 60)} min ${Math.floor(amount % 60)} s`
    : `${Math.floor(amount / 3600)} h ${Math.floor(amount / 60 % 60)} min`;
  const text = element.matches(".due") ? (left > 0 ? `in ${words}` : "now") : `${words} ago`;
  if (element.textContent !== text) element.textContent = text;
}

const tellAll = () => document.querySelectorAll("time.due, time.ago").forEach(tell);
setInterval(tellAll, 1000);
addEventListener("DOMContentLoaded", tellAll);
addEventListener("htmx:after:swap", tellAll);

const offline = (lost) => document.body.classList.toggle("offline", lost);
addEventListener("htmx:sse:error", () => offline(true));
addEventListener("htmx:sse:after:connection", () => offline(false));

// A slider says where it stands.
addEventListener("input", ({ target }) => {
  const said = target.matches("input[type=range]") && document.querySelector(`output[for="${target.id}"]`);
  if (said) said.textContent = target.value;
});
