// Keeps the control room up to date: reads the page again and replaces the parts that changed.
const EVERY = 2000;

const refresh = async () => {
  if (document.hidden) return;
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const newer = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    // Whoever is about to press a button in there keeps it.
    if (!newer || part.contains(document.activeElement) || part.innerHTML === newer.innerHTML) continue;
    part.innerHTML = newer.innerHTML;
  }
};

setInterval(() => refresh().catch(() => {}), EVERY);
