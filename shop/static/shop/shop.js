// Every page works without this file. It saves a page load when a choice is made, and keeps a
// double click from sending a form twice.

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true");
  });
}

// Coming back, the page may be the one that was left: its forms can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[type=submit]")?.removeAttribute("aria-busy");
  }
});

// Picture, price and stock follow the chosen variant, as the server writes them.
let newest;
document.addEventListener("change", async ({ target }) => {
  const several = target.closest("[data-choose]");
  if (!several && !target.closest("[data-follow]")) return;
  newest?.abort();
  newest = new AbortController();
  let address = target.dataset.page;
  if (several) {
    const chosen = [...several.querySelectorAll(":checked")].map((one) => [one.name, one.value]);
    address = `${several.dataset.choose}?${new URLSearchParams(chosen)}`;
  }
  try {
    const answer = await fetch(address, { signal: newest.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["gallery", "offer", "options", "named"]) {
      const there = page.getElementById(id);
      if (there) document.getElementById(id)?.replaceWith(there);
    }
    if (several) document.getElementById(target.id)?.focus();
    const here = document.getElementById("options")?.dataset.here ?? address;
    history.replaceState(history.state, "", here);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
});
