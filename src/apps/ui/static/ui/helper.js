// A helper in the browser that reaches a key in the person's own device, spoken to in the words of web-eID.
export class Refusal extends Error {
  constructor(words) {
    super(words);
    this.words = words;
  }
}

// `say` has the words for a helper that is not there (`none`) and for a refusal (`refused`).
export function helper(action, more, patience, say) {
  return new Promise((resolve, reject) => {
    const deaf = setTimeout(() => finish(reject, new Refusal(say.none)), 5000); // no extension acknowledged
    const late = setTimeout(() => finish(reject, new Refusal(say.refused)), patience);
    function finish(how, what) {
      clearTimeout(deaf);
      clearTimeout(late);
      removeEventListener("message", hear);
      how(what);
    }
    function hear({ source, origin, data }) {
      if (source !== window || origin !== location.origin || typeof data?.action !== "string") return;
      if (data.action === `${action}-ack`) clearTimeout(deaf);
      if (data.action === `${action}-success`) finish(resolve, data);
      if (data.action === `${action}-failure`) finish(reject, new Refusal(say.refused));
    }
    addEventListener("message", hear);
    window.postMessage({ action, libraryVersion: "2.0.0", ...more }, location.origin);
  });
}
