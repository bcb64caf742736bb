// Loads the page again when a file of the theme has changed.
(() => {
  let known = null;
  const look = async () => {
    try {
      const answer = await fetch("/_dev/version", { cache: "no-store" });
      const version = await answer.text();
      if (known !== null && known !== version) location.reload();
      known = version;
    } catch {
      // The preview is being started again.
    }
    setTimeout(look, 500);
  };
  look();
})();
