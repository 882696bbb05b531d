// Comfort only: groups the digits of card number and date while they are typed.
(() => {
  const digits = (text, most) => text.replace(/\D/g, "").slice(0, most);
  const grouped = (field, group) => {
    field.addEventListener("input", () => {
      if (field.selectionEnd === field.value.length) field.value = group(field.value);
    });
  };
  const number = document.getElementById("cardNumber");
  if (number) grouped(number, (text) => digits(text, 19).replace(/(.{4})(?=.)/g, "$1 "));
  const expiry = document.getElementById("cardExpiry");
  if (expiry) {
    grouped(expiry, (text) => {
      const typed = digits(text, 4);
      return typed.length > 2 ? `${typed.slice(0, 2)} / ${typed.slice(2)}` : typed;
    });
  }
  // Another shipping rate, quantity or country of tax: the page is shown anew with its total, and with what was typed.
  for (const rate of document.querySelectorAll('input[name="shippingRate"], [data-update]')) {
    rate.addEventListener("change", () => {
      const update = document.createElement("input");
      Object.assign(update, { type: "hidden", name: "update", value: "on" });
      rate.form.append(update);
      rate.form.submit();
    });
  }
  // A picture that cannot be shown gives way to the first letter behind it.
  for (const picture of document.querySelectorAll(".picture img")) {
    const hide = () => picture.remove();
    picture.addEventListener("error", hide);
    if (picture.complete && !picture.naturalWidth) hide();
  }
  const pay = document.getElementById("pay");
  const button = pay && pay.querySelector("[data-sending]");
  const label = button && button.textContent;
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => {
      form.classList.add("sending");
      if (form === pay && button) button.textContent = button.dataset.sending;
    });
  }
  // Back from the next page: nothing is under way any more.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(".sending")) form.classList.remove("sending");
    if (button) button.textContent = label;
  });
  // A wallet takes along what was typed below it.
  const wallets = document.getElementById("wallets");
  if (wallets && pay) {
    wallets.addEventListener("formdata", (event) => {
      for (const [name, value] of new FormData(pay)) event.formData.append(name, value);
    });
  }
  for (const fill of document.querySelectorAll("[data-fill-card]")) {
    const next = `12 / ${(new Date().getFullYear() + 3) % 100}`;
    const values = { cardNumber: fill.dataset.fillCard.replace(/(.{4})(?=.)/g, "$1 "), cardExpiry: next, cardCvc: "123" };
    const others = { email: "jane@example.com", billingName: "Jane Doe" };
    fill.hidden = false;
    fill.addEventListener("click", () => {
      for (const [id, value] of Object.entries(values)) document.getElementById(id).value = value;
      for (const [id, value] of Object.entries(others)) {
        const field = document.getElementById(id);
        if (field && !field.value) field.value = value;
      }
    });
  }
})();
