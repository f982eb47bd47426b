/* Runs before the first paint, so that a chosen theme never flashes; everything else is in theme.js. */
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // storage is switched off: as the system says
  }
})();
