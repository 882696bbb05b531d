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
for (const choice of document.querySelectorAll("[data-follow]")) {
  choice.addEventListener("change", async ({ target }) => {
    newest?.abort();
    newest = new AbortController();
    const address = target.dataset.page;
    try {
      const answer = await fetch(address, { signal: newest.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["gallery", "offer"]) {
        const there = page.getElementById(id);
        if (there) document.getElementById(id)?.replaceWith(there);
      }
      history.replaceState(history.state, "", address);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  });
}
