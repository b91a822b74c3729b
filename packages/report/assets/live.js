// While the report is served: says what is being run, and reloads the page when it has been made anew.
(() => {
  "use strict";
  const box = document.createElement("p");
  box.className = "live-state";
  box.setAttribute("role", "status");
  box.hidden = true;
  document.body.append(box);
  const say = (text) => {
    box.textContent = text;
    box.hidden = text === "";
  };
  const events = new EventSource("/events");
  let lost = false;
  events.onopen = () => {
    if (lost) location.reload(); // another server, or the same one after a pause: who knows what was missed
  };
  events.onerror = () => {
    lost = true;
    say("The server has stopped.");
  };
  events.onmessage = ({ data }) => {
    const { state, text } = JSON.parse(data);
    if (state === "changed") location.reload();
    else say(state === "idle" ? "" : text);
  };
  addEventListener("pagehide", () => events.close());
})();
