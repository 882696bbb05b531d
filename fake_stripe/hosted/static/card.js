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
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => form.classList.add("sending"));
  }
})();
