// Keys and clicks for the waterfall. Without this the tree opens and closes all the same, and links show details.
const rows = document.querySelector(".rows");

const nodeOf = (element) => element.closest(".node");
const linkOf = (node) => node.querySelector(":scope > .row a");
const visible = () => [...rows.querySelectorAll(".row a")].filter((link) => link.checkVisibility());

function step(link, by) {
  const links = visible();
  links[links.indexOf(link) + by]?.focus();
}

function fold(node, open) {
  const under = node.querySelector(":scope > details");
  if (under && under.open !== open) under.open = open;
  else if (open) step(linkOf(node), 1);
  else if (nodeOf(node.parentElement)) linkOf(nodeOf(node.parentElement))?.focus();
}

// The row stays where it is: the browser would bring its details to the top.
function show(link) {
  const [left, top] = [scrollX, scrollY];
  location.hash = location.hash === link.hash ? "#-" : link.hash;
  scrollTo({ left, top, behavior: "instant" });
  nodeOf(link).querySelector(":scope > .detail:target")?.scrollIntoView({ block: "nearest" });
}

const keys = {
  ArrowDown: (link) => step(link, 1),
  ArrowUp: (link) => step(link, -1),
  ArrowRight: (link) => fold(nodeOf(link), true),
  ArrowLeft: (link) => fold(nodeOf(link), false),
  Enter: show,
};

rows?.addEventListener("keydown", (event) => {
  const link = event.target.closest(".row a");
  if (!link || !keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key](link);
});

// A click on a row shows the span; a click on its caret opens and closes what is under it.
rows?.addEventListener("click", (event) => {
  const row = event.target.closest(".row");
  const link = row?.querySelector("a");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(link);
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash.startsWith("#s-")) {
    const link = rows?.querySelector(`a[href="${CSS.escape(location.hash).replace("\\#", "#")}"]`);
    location.hash = "#-";
    link?.focus();
  }
});

// To go to a span by its address leaves the focus on its row.
addEventListener("hashchange", () => {
  const link = location.hash.startsWith("#s-") && document.getElementById(location.hash.slice(1)) &&
    linkOf(nodeOf(document.getElementById(location.hash.slice(1))));
  if (link) link.focus({ preventScroll: true });
});
