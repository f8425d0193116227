// Asks the app for what the first page needs while the screens are still being loaded. They take
// the answers from here, each once; what was not asked here they ask themselves.
(() => {
  const asked = [];
  const ask = (request) => {
    const answer = window.__TAURI_INTERNALS__.invoke('call', request);
    // Who takes the answer hears of the failure.
    answer.catch(() => {});
    asked.push({ request, answer });
    return answer;
  };
  window.KONTOR_ASKED = asked;
  const [first, ...rest] = REQUESTS;
  // The others have an answer only when the workspace is open.
  ask(first).then((workspace) => workspace.state === 'open' && rest.forEach(ask), () => {});
})();
