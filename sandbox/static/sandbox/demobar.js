// Refreshes the demo bar's facts every three seconds while the page can be seen.
(() => {
  const facts = document.querySelector("[data-demobar]");
  if (!facts) return;
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(facts.dataset.demobar, { credentials: "same-origin", cache: "no-store" });
      if (response.ok) facts.innerHTML = await response.text();
    } catch {
      // Offline or the shop restarts: the next round tries again.
    }
  };
  refresh();
  setInterval(refresh, 3000);
  document.addEventListener("visibilitychange", refresh);
})();
