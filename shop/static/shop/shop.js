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

// Coming back, the number of things in the cart may be that of some time ago: what a page told last
// counts. The cart itself is asked for anew.
const cart = document.querySelector("[data-cart]");
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("[data-fresh]")) location.reload();
  const [visit] = performance.getEntriesByType("navigation");
  const isOld = persisted || (visit?.type === "back_forward" && !document.querySelector("[data-fresh]"));
  try {
    const told = sessionStorage.getItem("cart");
    if (cart && isOld && told !== null) cart.innerHTML = told;
    else if (cart) sessionStorage.setItem("cart", cart.innerHTML);
  } catch {
    // A browser that keeps nothing shows what the page was sent with.
  }
});

// Picture, price, stock and button follow the chosen variant, as the server writes them.
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
    const wanted = document.getElementById("quantity")?.value;
    const every = document.querySelector("[name=every]:checked")?.value;
    const focused = document.activeElement.id;
    for (const id of ["gallery", "offer", "options", "buy", "sku"]) {
      const there = page.getElementById(id);
      if (there) document.getElementById(id)?.replaceWith(there);
    }
    const quantity = document.getElementById("quantity");
    if (quantity && wanted) quantity.value = wanted;
    limit(quantity);
    for (const way of document.querySelectorAll("[name=every]")) way.checked ||= way.value === every;
    if (focused) document.getElementById(focused)?.focus();
    say(document.getElementById("offer"));
    const here = document.getElementById("options")?.dataset.here ?? address;
    history.replaceState(history.state, "", here);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
});

// The page allows what any choice has; once the choice is followed, its own number counts.
function limit(quantity) {
  if (quantity) quantity.max = quantity.dataset.most;
}
limit(document.querySelector("#buy #quantity"));

// A replaced part is not read out; what is written into a live region that stays is.
function say(offer) {
  document.getElementById("said").textContent = offer.textContent.replace(/\s+/g, " ").trim();
}

// A passkey that was not made or not used: the page says so instead of doing nothing.
document.addEventListener("allauth.error", () => {
  document.querySelector("[data-passkey-failed]")?.removeAttribute("hidden");
});

// The shelf that is open may stand further on in the row.
const shelf = document.querySelector(".shelves [aria-current]");
if (shelf) {
  const [one, row] = [shelf, shelf.closest(".shelves")].map((part) => part.getBoundingClientRect());
  const left = one.left + one.right - row.left - row.right;
  shelf.closest(".shelves").scrollBy({ left: left / 2, behavior: "instant" });
}
