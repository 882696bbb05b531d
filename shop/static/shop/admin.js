// Where a list can be searched, Django's select2 stands in its place: it is called what the list is.
"use strict";
{
  const nameFields = () => {
    for (const list of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = list.labels[0];
      if (!label) continue;
      const name = label.textContent.trim().replace(/:$/, "");
      for (const field of list.parentElement.querySelectorAll(".select2-search__field")) {
        field.setAttribute("aria-label", name);
      }
    }
  };
  nameFields();
  // It comes when the page is there, and with each form that is added.
  new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });
}
