// A link that `make up` printed brings the token behind its #, which no server sees and no log keeps. One click is left
// to the person: a link on another site must not sign anybody in.
const brought = new URLSearchParams(location.hash.slice(1)).get("token");
if (!brought) {
  document.querySelector("#token").focus();  // by autofocus a browser would write the token of a link to its console
} else {
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("#token").value = brought;
  document.querySelector("form[action='/session'] button").focus();
  try {
    const payload = brought.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(payload), (each) => each.charCodeAt(0));
    const { sub, role } = JSON.parse(new TextDecoder().decode(bytes));
    document.querySelector("#bearer").textContent = `The link is for ${sub}, ${role}.`;
  } catch {
    document.querySelector("#bearer").textContent = "The link holds no token that can be read: copy it again.";
  }
}
