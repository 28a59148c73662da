// Reads a part of the page aloud with the browser's own voice; without one the button stays hidden.
(() => {
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) return;
  const chinese = document.documentElement.lang.startsWith("zh") || !document.documentElement.lang;
  for (const button of document.querySelectorAll("[data-read-aloud]")) {
    const label = button.querySelector("span"), start = label.textContent;
    const rest = () => { label.textContent = start; button.setAttribute("aria-pressed", "false"); };
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      if (speech.speaking) { speech.cancel(); rest(); return; }
      const text = document.querySelector(button.dataset.readAloud).innerText;
      const parts = text.split(/\n+/).map((line) => line.trim()).filter(Boolean);
      parts.forEach((line, at) => {
        const said = new SpeechSynthesisUtterance(line);
        said.lang = chinese ? "zh-CN" : "en";
        said.rate = 0.85;
        if (at === parts.length - 1) said.addEventListener("end", rest);
        speech.speak(said);
      });
      label.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
    });
  }
  window.addEventListener("pagehide", () => speech.cancel());
})();
